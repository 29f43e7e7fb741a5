"""Makes a table of another database from a reply of the service.

    rows.py SERVERS TABLE URL QUERY FILE

asks the service, writes the rows to FILE, and for each of SERVERS (postgresql, mariadb; a comma list) to FILE.SERVER.sql
the statements that make TABLE and fill it from FILE. The rows have
the text form that COPY of PostgreSQL and LOAD DATA of MariaDB share: tabs, lines, \\N for null, backslash escapes.
Standard library only; rows are decoded one at a time.
"""
import codecs
import json
import sys
import urllib.request

PIECE = 1 << 20
USER = "ZGVtb0BleGFtcGxlLmNvbTpkZW1vLXRva2Vu"  # demo@example.com:demo-token

# Code of the service → type for PostgreSQL, for MariaDB.
TYPES = {
    5: ("varchar({length})", "varchar({length})"),
    8: ("integer", "integer"),
    9: ("bigint", "bigint"),
    11: ("double precision", "double"),
    12: ("numeric({precision},{scale})", "decimal({precision},{scale})"),
    14: ("boolean", "bit(1)"),
    15: ("date", "date"),
    16: ("time(6)", "time(6)"),
    17: ("timestamp(6)", "datetime(6)"),
    18: ("uuid", "uuid"),
}


class Reply:
    """The JSON text of a reply, read as far as is needed."""

    def __init__(self, stream):
        self.stream = stream
        self.decode = codecs.getincrementaldecoder("utf-8")()
        self.scan = json.JSONDecoder(parse_float=str).raw_decode
        self.text, self.at = "", 0

    def more(self):
        piece = self.stream.read(PIECE)
        if not piece:
            sys.exit("rows.py: the reply ended early")
        self.text, self.at = self.text[self.at:] + self.decode.decode(piece), 0

    def skip_to(self, mark):
        while (found := self.text.find(mark, self.at)) < 0:
            self.more()
        self.at = found + len(mark)

    def value(self):
        while True:
            try:
                value, end = self.scan(self.text, self.at)
                self.at = end
                return value
            except json.JSONDecodeError:
                self.more()

    def character(self):
        while self.at == len(self.text):
            self.more()
        self.at += 1
        return self.text[self.at - 1]


def cell(value, code):
    if value is None:
        return "\\N"
    if code == 14:
        return "1" if value else "0"
    if code in (16, 17):
        return str(value).replace("T", " ").rstrip("Z")[:26 if code == 17 else 15]
    if code == 18:
        return value.strip("{}")
    if code == 5:
        return value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return str(value)


def statements(server, table, schema, path):
    """Bits come as text that MariaDB does not take for a bit: they pass through a variable."""
    which = 0 if server == "postgresql" else 1
    quote = '"' if which == 0 else "`"
    names = [quote + c["columnName"].lower() + quote for c in schema]
    types = [TYPES[c["dataType"]][which].format(**c) for c in schema]
    yield f"DROP TABLE IF EXISTS {table};"
    yield f"CREATE TABLE {table} ({', '.join(f'{n} {t}' for n, t in zip(names, types))});"
    if which == 0:
        yield f"\\copy {table} from '{path}'"
        return
    bits = [n for n, t in zip(names, types) if t == "bit(1)"]
    takes = ", ".join("@" + n.strip(quote) if n in bits else n for n in names)
    sets = ", ".join(f"{n} = CAST(@{n.strip(quote)} AS UNSIGNED)" for n in bits)
    yield f"LOAD DATA LOCAL INFILE '{path}' INTO TABLE {table} CHARACTER SET utf8mb4 ({takes})" + (
        f" SET {sets};" if sets else ";")


def main():
    servers, table, url, query, path = sys.argv[1:]
    request = urllib.request.Request(url + "/query", json.dumps({"query": query}).encode(),
                                     {"Authorization": "Basic " + USER, "Content-Type": "application/json"})
    reply = Reply(urllib.request.urlopen(request))
    reply.skip_to('"schema":')
    schema = reply.value()
    codes = [c["dataType"] for c in schema]
    reply.skip_to('"rows":')
    reply.character()
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        while True:
            out.write("\t".join(map(cell, reply.value(), codes)) + "\n")
            if reply.character() != ",":
                break
    for server in servers.split(","):
        with open(f"{path}.{server}.sql", "w", encoding="utf-8") as out:
            out.write("\n".join(statements(server, table, schema, path)) + "\n")


main()
