"""One run of a client that is not the C program, with the same line of figures.

    client.py sdk URL QUERY             the vendor's Python library, fetchall
    client.py pyodbc CONNECTION QUERY   fetchall
    client.py arrow CONNECTION QUERY    arrow-odbc, batches of Arrow
    client.py turbodbc CONNECTION QUERY Arrow
    client.py curl URL QUERY ARGUMENT…  the floor: the same reply, to nowhere

Importing and connecting are not counted.
"""
import json
import resource
import subprocess
import sys
import time


def status(name):
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith(name))


class Figures:
    def __init__(self, who=resource.RUSAGE_SELF):
        self.who, self.first, self.cells = who, 0.0, 0
        self.idle = status("VmRSS:")
        with open("/proc/self/clear_refs", "w", encoding="ascii") as clear:
            clear.write("5\n")
        self.used, self.begin = resource.getrusage(who), time.monotonic()

    def first_row(self):
        self.first = time.monotonic() - self.begin

    def show(self, rows, columns, over=None):
        end, used = time.monotonic(), resource.getrusage(self.who)
        over = status("VmHWM:") - self.idle if over is None else over
        print(f"rows={rows} cells={rows * columns} wall={end - self.begin:.4f} "
              f"user={used.ru_utime - self.used.ru_utime:.4f} sys={used.ru_stime - self.used.ru_stime:.4f} "
              f"first={self.first:.4f} idle_kib={self.idle} over_kib={over}")


def fetch_all(connection, query):
    cursor = connection.cursor()
    figures = Figures()
    cursor.execute(query)
    first = cursor.fetchone()
    figures.first_row()
    rows = [first]
    rows += cursor.fetchall()
    figures.show(len(rows), len(first))


def sdk(url, query):
    import cdata_connect_ai
    fetch_all(cdata_connect_ai.connect(base_url=url, username="demo@example.com", password="demo-token"), query)


def pyodbc(connection, query):
    import pyodbc as module
    fetch_all(module.connect(connection), query)


def arrow(connection, query):
    from arrow_odbc import read_arrow_batches_from_odbc
    list(read_arrow_batches_from_odbc("SELECT 1 AS One", connection))
    figures = Figures()
    rows = columns = 0
    for batch in read_arrow_batches_from_odbc(query, connection, batch_size=10000):
        if rows == 0:
            figures.first_row()
        rows, columns = rows + batch.num_rows, batch.num_columns
    figures.show(rows, columns)


def turbodbc(connection, query):
    import turbodbc as module
    cursor = module.connect(connection_string=connection).cursor()
    figures = Figures()
    cursor.execute(query)
    rows = columns = 0
    for batch in cursor.fetcharrowbatches():
        if rows == 0:
            figures.first_row()
        rows, columns = rows + batch.num_rows, batch.num_columns
    figures.show(rows, columns)


def curl(url, query, *arguments):
    body = json.dumps({"query": query})
    command = ["curl", "-sS", "-f", "-o", "/dev/null", "-w", "%{time_starttransfer}", "-u", "demo@example.com:demo-token",
               "-H", "Content-Type: application/json", "-d", body, *arguments, url + "/query"]
    figures = Figures(resource.RUSAGE_CHILDREN)
    figures.first = float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    figures.show(0, 0, over=0)


{f.__name__: f for f in (sdk, pyodbc, arrow, turbodbc, curl)}[sys.argv[1]](*sys.argv[2:])
