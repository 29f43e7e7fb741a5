# Reads functions.def; `mode` chooses what is printed: inner (prototypes), entry (exported functions),
# table (SQLGetFunctions, trace) or script (version script).
BEGIN { FS = "|" }

function trim(s) { gsub(/^[ \t]+|[ \t]+$/, "", s); return s }

# SQLDescribeCol -> ca_odbc_describe_col
function inner_name(name,    i, c, out) {
    out = "ca_odbc"
    for (i = 4; i <= length(name); i++) {
        c = substr(name, i, 1)
        out = out (c ~ /[A-Z]/ ? "_" tolower(c) : c)
    }
    return out
}

function object_type(handle) {
    if (handle == "env") return "struct ca_environment *"
    if (handle == "dbc") return "struct ca_connection *"
    if (handle == "stmt") return "struct ca_statement *"
    if (handle == "desc") return "struct ca_descriptor *"
    return "struct ca_handle *"
}

function integer_type(word) { return word == "int" ? "SQLINTEGER" : "SQLSMALLINT" }

# Splits one argument into kind, type and name.
function split_argument(text,    words, n, i) {
    n = split(trim(text), words, /[ \t]+/)
    kind = words[1]
    type = ""
    if (kind == "val") {
        name = words[n]
        for (i = 2; i < n; i++) type = type words[i] " "
        while (substr(name, 1, 1) == "*") { type = type "*"; name = substr(name, 2) }
    } else {
        name = words[2]
        type = words[3]
    }
}

# The exported parameter list after the handle.
function outer_list(wide,    i, text, character) {
    text = ""
    character = wide ? "SQLWCHAR" : "SQLCHAR"
    for (i = 1; i <= count; i++) {
        split_argument(arguments[i])
        if (kind == "in") text = text ", " character " *" name ", " integer_type(type) " " name "_length"
        else if (kind == "out") text = text ", " character " *" name ", " integer_type(type) " " name "_capacity, " integer_type(type) " *" name "_length"
        else if (kind == "val") text = text ", " type name
        else if (kind == "ptr") text = text ", " character " *" name
    }
    return text
}

function inner_list(    i, text) {
    text = ""
    for (i = 1; i <= count; i++) {
        split_argument(arguments[i])
        if (kind == "in") text = text ", const struct ca_text *" name
        else if (kind == "out") text = text ", const struct ca_text_out *" name
        else if (kind == "val") text = text ", " type name
        else if (kind == "ptr") text = text ", void *" name
        else if (kind == "wide") text = text ", bool wide"
    }
    return text
}

function handle_parameters() {
    if (handle == "any") return "SQLSMALLINT kind, SQLHANDLE handle"
    if (handle == "env") return "SQLHENV handle"
    if (handle == "dbc") return "SQLHDBC handle"
    if (handle == "stmt") return "SQLHSTMT handle"
    return "SQLHDESC handle"
}

function kind_value() {
    if (handle == "any") return "kind"
    if (handle == "env") return "SQL_HANDLE_ENV"
    if (handle == "dbc") return "SQL_HANDLE_DBC"
    if (handle == "stmt") return "SQL_HANDLE_STMT"
    return "SQL_HANDLE_DESC"
}

function print_entry(wide,    i, ins, call, reads, outs) {
    ins = 0; call = ""; reads = ""; outs = ""
    for (i = 1; i <= count; i++) {
        split_argument(arguments[i])
        if (kind == "in") {
            reads = reads "        && ca_text_take(object, &texts[" ins "], " name ", " name "_length, " (wide ? "true" : "false") ")\n"
            call = call ", &texts[" ins++ "]"
        } else if (kind == "out") {
            outs = outs "    const struct ca_text_out " name "_out = {" name ", " name "_capacity, " name "_length, sizeof *" name "_length, " (wide ? "true" : "false") ", false};\n"
            call = call ", &" name "_out"
        } else if (kind == "val" || kind == "ptr") call = call ", " name
        else if (kind == "wide") call = call (wide ? ", true" : ", false")
    }
    printf "SQLRETURN SQL_API %s%s(%s%s)\n{\n    struct ca_handle *object;\n", function_name, wide ? "W" : "", handle_parameters(), outer_list(wide)
    if (ins) printf "    struct ca_text texts[%d] = {{0}};\n", ins
    printf "%s", outs
    printf "    SQLRETURN result = ca_call_enter(&object, %s, handle, CA_FUNCTION_%s);\n", kind_value(), function_name
    printf "    if (result == SQL_SUCCESS%s%s)\n", reads == "" ? "" : "\n", reads == "" ? "" : substr(reads, 1, length(reads) - 1)
    printf "        result = %s((%s)object%s);\n", inner_name(function_name), object_type(handle), call
    if (ins) printf "    else if (result == SQL_SUCCESS)\n        result = SQL_ERROR;\n    ca_texts_free(texts, %d);\n", ins
    printf "    return ca_call_leave(object, CA_FUNCTION_%s, result);\n}\n\n", function_name
}

/^#/ || NF < 5 { next }

{
    function_name = trim($1); handle = trim($2); class = trim($3); flags = " " trim($4) " "
    count = trim($5) == "" ? 0 : split($5, arguments, ",")
    has_wide = index(flags, " W ") > 0
    if (mode == "inner" && handle != "custom")
        printf "SQLRETURN %s(%sobject%s);\n", inner_name(function_name), object_type(handle), inner_list()
    if (mode == "enum")
        printf "    CA_FUNCTION_%s,\n", function_name
    if (mode == "table")
        printf "    {\"%s\", SQL_API_%s, CA_CLASS_%s, %s, %s, %s},\n", function_name, toupper(function_name), class == "-" ? "NONE" : class, index(flags, " keep ") ? "true" : "false", index(flags, " nolock ") ? "true" : "false", has_wide ? "true" : "false"
    if (mode == "script") {
        printf "        %s;\n", function_name
        if (has_wide) printf "        %sW;\n", function_name
    }
    if (mode == "entry" && handle != "custom") {
        print_entry(0)
        if (has_wide) print_entry(1)
    }
}
