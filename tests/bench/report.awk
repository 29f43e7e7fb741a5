# Makes Markdown tables from lines of `shape, path, contender, name=value…`: medians, and how many times this driver's
# figure each of the others is. A quotient is the median over the rounds of the quotients within a round, whose runs
# follow each other: a machine that is slower for some minutes is so for both.
BEGIN {
    FS = "\t"
    title["A"] = "A: " thousands(rows) " rows of 8 mixed columns"
    title["B"] = "B: " thousands(rows * 5) " rows of 2 integers"
    title["C"] = "C: " thousands(rows / 10) " rows of 100 mixed columns"
    title["D"] = "D: " thousands(rows / 5) " rows of 2 kB of text"
    title["E"] = "E: shape A with compression and encryption"
    title["L"] = "L: " thousands(rows * 10) " rows of shape A"
    title["P"] = "P: " thousands(rows / 10) " rows of shape A in Python"
    title["calls"] = "Other calls"
}
{
    key = $1 FS $2 FS $3
    if (!(key in runs)) { order[++keys] = key; runs[key] = 0 }
    if (!(($1 FS $2) in paths)) { paths[$1 FS $2] = 1; path_order[++path_count] = $1 FS $2 }
    if (!($1 in shapes)) { shapes[$1] = 1; shape_order[++shape_count] = $1 }
    # The floor is compared with the bound path that fetches least.
    if ($2 == "column 1000 typed" || $2 == "column 100 char") first_path[$1] = $1 FS $2
    n = split($4, parts, " ")
    split("", value)
    for (i = 1; i <= n; i++) { split(parts[i], pair, "="); value[pair[1]] = pair[2] }
    if ("failed" in value) { failed[key] = 1; next }
    r = ++runs[key]
    wall[key, r] = $2 == "parsing" ? value["fetching"] : value["wall"]
    cpu[key, r] = value["user"] + value["sys"]
    if ("first" in value) timed[key] = 1
    first[key, r] = value["first"]
    if (value["requests"] > 0) requests[key] = value["requests"]
    over[key, r] = value["over_kib"]
    count[key] = value["rows"] value["connects"]
    sum[key] = value["checksum"]
}
function median(list, key,    n, i, j, t, sorted) {
    n = runs[key]
    for (i = 1; i <= n; i++) {
        t = list[key, i]
        for (j = i - 1; j >= 1 && sorted[j] > t; j--) sorted[j + 1] = sorted[j]
        sorted[j + 1] = t
    }
    return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}
function thousands(n) { return n >= 1000000 ? n / 1000000 " M" : n / 1000 " k" }
# How many times b's figure a's is; "" where there is none.
function quotient(list, a, b,    i, n) {
    n = runs[a] < runs[b] ? runs[a] : runs[b]
    for (i = 1; i <= n; i++) {
        if (list[b, i] <= 0) return ""
        within["quotient", i] = list[a, i] / list[b, i]
    }
    runs["quotient"] = n
    return n ? median(within, "quotient") : ""
}
function ratio(list, a, b,    q) { q = quotient(list, a, b); return q == "" ? "-" : sprintf("%.2f", q) }
function per_second(thousands) { return sprintf(thousands < 10 ? "%.1f" : "%.0f", thousands) }
function name_of(path,    p) {
    if (path == "floor") return "download to nowhere"
    if (path == "parsing") return "the same from memory, fetches only"
    if (path ~ /^column/ || path ~ /^row/) {
        split(path, p, " ")
        return (p[1] == "row" ? "row-wise" : "bound") ", " p[2] (p[2] == 1 ? " row, " : " rows, ") toupper_type(p[3])
    }
    if (path ~ /^getdata/) { split(path, p, " "); return "SQLGetData, " toupper_type(p[3]) }
    if (path == "pyodbc") return "Python, fetchall"
    if (path == "arrow") return "arrow-odbc"
    return path
}
function toupper_type(t) { return t == "typed" ? t : toupper(t) }
function line(path, key, base,    part) {
    split(key, part, FS)
    if (!runs[key]) { printf "| %s | %s | failed | | | | | | |\n", path, part[3]; return }
    printf "| %s | %s | %.3f | %s | %.3f | %s | %s | %.1f | %s |\n", path, part[3], \
        median(cpu, key), ratio(cpu, key, base), median(wall, key), ratio(wall, key, base), (key in timed ? sprintf("%.1f", median(first, key) * 1000) : "-"), median(over, key) / 1024, \
        (count[key] > 0 ? per_second(count[key] / median(wall, key) / 1000) : "-")
}
# goal WHAT FIGURE UNIT LIMIT [1: at least]: a line of what is to be reached. Figures that were not measured are "".
function goal(what, figure, unit, limit, least) {
    if (figure == "") return
    printf "| %s | %s%s | %s %s%s | %s |\n", what, figure, unit, least ? "≥" : "≤", limit, unit, \
        (least ? figure + 0 >= limit : figure + 0 <= limit) ? "yes" : "**no**"
}
function key_of(shape, path, client) { return shape FS path FS (client ? client : "this driver") }
function over_other(list, key, other) { return runs[key] && runs[other] ? sprintf("%.3f", quotient(list, key, other)) : "" }
function larger(a, b) { return a > b ? a : b }
function goals(    typed, floor, parsing, insert, pooled, line, part, i) {
    typed = key_of("A", "column 1000 typed")
    floor = key_of("A", "floor", "curl")
    parsing = key_of("A", "parsing")
    print "\n## What is to be reached\n"
    print "| what | measured | to reach | reached |"
    print "| --- | ---: | ---: | --- |"
    goal("bound, 1000 rows, typed: CPU / MariaDB", over_other(cpu, typed, key_of("A", "column 1000 typed", "MariaDB")), "", 0.35)
    goal("bound, 1000 rows, typed: CPU / psqlODBC", over_other(cpu, typed, key_of("A", "column 1000 typed", "psqlODBC")), "", 0.10)
    goal("the same: wall / download", over_other(wall, typed, floor), "", 4)
    if (runs[typed] && runs[floor] && runs[parsing]) {
        runs["least"] = runs[floor] < runs[parsing] ? runs[floor] : runs[parsing]
        for (i = 1; i <= runs["least"]; i++) wall["least", i] = larger(wall[floor, i], wall[parsing, i])
        goal("the same: wall / the larger of download and rows from memory", over_other(wall, typed, "least"), "", 1.3)
    }
    goal("bound, 1000 rows, CHAR: CPU / MariaDB", over_other(cpu, key_of("A", "column 1000 char"), key_of("A", "column 1000 char", "MariaDB")), "", 0.25)
    goal("bound, 1000 rows, WCHAR: CPU / MariaDB as CHAR", over_other(cpu, key_of("A", "column 1000 wchar"), key_of("A", "column 1000 char", "MariaDB")), "", 0.25)
    goal("SQLGetData, CHAR: CPU / MariaDB", over_other(cpu, key_of("A", "getdata 1 char"), key_of("A", "getdata 1 char", "MariaDB")), "", 0.25)
    goal("Python SDK / pyodbc with this driver, fetchall: wall", over_other(wall, key_of("P", "pyodbc", "Python SDK"), key_of("P", "pyodbc")), "", 3, 1)
    goal("Python SDK, fetchall / bound, 1000 rows, typed: wall", over_other(wall, key_of("P", "pyodbc", "Python SDK"), key_of("P", "column 1000 typed")), "", 15, 1)
    if (runs[typed]) goal("memory, bound, 1000 rows, typed", sprintf("%.1f", median(over, typed) / 1024), " MiB", 8)
    if (runs[key_of("L", "column 1000 typed")])
        goal("the same, ten times as many rows", sprintf("%.1f", median(over, key_of("L", "column 1000 typed")) / 1024), " MiB", 8)
    if (runs[floor] && runs[key_of("A", "column 1 typed")])
        goal("first row after the first octet (that of the download)", \
            sprintf("%.1f", (median(first, key_of("A", "column 1 typed")) - median(first, floor)) * 1000), " ms", 1)
    if (runs[floor] && runs[typed])
        goal("first 1000 rows after the first octet", sprintf("%.1f", (median(first, typed) - median(first, floor)) * 1000), " ms", 1)
    while ((getline line < instructions) > 0) {
        counted[++count_lines] = line
        if (line ~ /^[a-zA-Z]+ Rows 20000 0 column 1000 typed: /) { split(line, part, " "); goal("instructions a cell, bound, 1000 rows, typed", part[8], "", 150) }
        if (line ~ /calls for a thousand cells/) {
            goal("allocations for a thousand cells", number_before(line, " allocations"), "", 2)
            goal("locks for a thousand cells", number_before(line, " locks"), "", 2)
            goal("calls of the kernel for a thousand cells", number_before(line, " of the kernel"), "", 2)
        }
    }
    insert = key_of("calls", "insert, arrays of 10000")
    if (runs[insert]) {
        goal("rows inserted with one request, arrays of 10,000", sprintf("%.0f", count[insert] / requests[insert]), "", 50, 1)
        goal("parameters a second of CPU", sprintf("%.1f", count[insert] * 8 / median(cpu, insert) / 1000000), " M", 1, 1)
    }
    pooled = key_of("calls", "connect, pooled")
    if (runs[pooled]) {
        goal("connect and query, pooled: requests", sprintf("%.2f", requests[pooled] / count[pooled]), "", 1.02)
        goal("connect and query, pooled: CPU", sprintf("%.2f", median(cpu, pooled) / count[pooled] * 1000), " ms", 0.3)
    }
}
# The number in front of a piece of the line.
function number_before(line, piece,    n, words) {
    sub(piece ".*", "", line)
    n = split(line, words, " ")
    return words[n]
}
END {
    goals()
    for (s = 1; s <= shape_count; s++) {
        shape = shape_order[s]
        printf "\n## %s\n\n", title[shape]
        print "| path | client | CPU s | × | wall s | × | first row ms | memory MiB | thousands a second |"
        print "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        for (p = 1; p <= path_count; p++) {
            split(path_order[p], at, FS)
            if (at[1] != shape || at[2] == "values") continue
            base = at[2] == "floor" || at[2] == "parsing" ? first_path[shape] FS "this driver" : path_order[p] FS "this driver"
            for (k = 1; k <= keys; k++)
                if (index(order[k], path_order[p] FS) == 1) line(name_of(at[2]), order[k], base)
        }
    }
    for (k = 1; k <= keys; k++)
        if (order[k] in requests) {
            split(order[k], at, FS)
            printf "\n%s, %s: %d %s in %d requests.\n", at[3], at[2], count[order[k]], \
                at[2] ~ /^connect/ ? "connections" : "rows", requests[order[k]]
        }
    print "\n## Instructions a cell\n\n```"
    for (k = 1; k <= count_lines; k++) print counted[k]
    print "```"
    if (("A" FS "values") in paths) printf "\nChecksum of all values of shape A, fetched typed:"
    for (k = 1; k <= keys; k++)
        if (order[k] ~ /^A\tvalues\t/) { split(order[k], at, FS); printf " %s `%s`;", at[3], sum[order[k]] }
    print "\n"
    print "× is how many times this driver's figure on the same path (for the download: on bound, 1000 rows, typed; for D: bound, 100 rows, CHAR) it is."
}
