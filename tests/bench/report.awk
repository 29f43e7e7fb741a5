# Makes Markdown tables from lines of `shape, path, contender, name=value…`: medians, and how many times this driver's
# figure each of the others is.
BEGIN {
    FS = "\t"
    title["A"] = "A: 1 M rows of 8 mixed columns"
    title["B"] = "B: 5 M rows of 2 integers"
    title["C"] = "C: 100 k rows of 100 mixed columns"
    title["D"] = "D: 200 k rows of 2 kB of text"
    title["E"] = "E: shape A with compression and encryption"
    title["P"] = "P: 100 k rows of shape A in Python"
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
    wall[key, r] = value["wall"]
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
function ratio(a, b) { return b > 0 ? sprintf("%.2f", a / b) : "-" }
function per_second(thousands) { return sprintf(thousands < 10 ? "%.1f" : "%.0f", thousands) }
function name_of(path,    p) {
    if (path == "floor") return "download to nowhere"
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
        median(cpu, key), ratio(median(cpu, key), median(cpu, base)), median(wall, key), \
        ratio(median(wall, key), median(wall, base)), (key in timed ? sprintf("%.1f", median(first, key) * 1000) : "-"), median(over, key) / 1024, \
        (count[key] > 0 ? per_second(count[key] / median(wall, key) / 1000) : "-")
}
END {
    for (s = 1; s <= shape_count; s++) {
        shape = shape_order[s]
        printf "\n## %s\n\n", title[shape]
        print "| path | client | CPU s | × | wall s | × | first row ms | memory MiB | thousands a second |"
        print "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
        for (p = 1; p <= path_count; p++) {
            split(path_order[p], at, FS)
            if (at[1] != shape || at[2] == "values") continue
            base = at[2] == "floor" ? first_path[shape] FS "this driver" : path_order[p] FS "this driver"
            for (k = 1; k <= keys; k++)
                if (index(order[k], path_order[p] FS) == 1) line(name_of(at[2]), order[k], base)
        }
    }
    for (k = 1; k <= keys; k++)
        if (order[k] in requests) {
            split(order[k], at, FS)
            printf "\n%s, %s: %d rows in %d requests.\n", at[3], at[2], count[order[k]], requests[order[k]]
        }
    printf "\nChecksum of all values of shape A, fetched typed:"
    for (k = 1; k <= keys; k++)
        if (order[k] ~ /^A\tvalues\t/) { split(order[k], at, FS); printf " %s `%s`;", at[3], sum[order[k]] }
    print "\n"
    print "× is how many times this driver's figure on the same path (for the download: on bound, 1000 rows, typed; for D: bound, 100 rows, CHAR) it is."
}
