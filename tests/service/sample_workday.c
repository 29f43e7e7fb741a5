/* The sample's Workday: workers, organizations, positions, time off and pay. */
#include "sample_loader.h"

#include <stddef.h>

enum { ORGANIZATIONS = 12, PROFILES = 10, WORKERS = 80, TIMES_OFF = 160 };

static const char *const schema[] = {
    "CREATE TABLE Organization (Organization_WID VARCHAR(32) NOT NULL PRIMARY KEY, Organization_Code "
    "VARCHAR(20) NOT"
    " NULL UNIQUE, Name VARCHAR(200) NOT NULL, Type VARCHAR(40), Superior_WID VARCHAR(32) REFERENCES"
    " Organization(Organization_WID), Inactive BOOLEAN NOT NULL DEFAULT 0, Created_On DATE NOT NULL COLLATE "
    "MOMENT)",
    "CREATE TABLE Job_Profile (Job_Profile_WID VARCHAR(32) NOT NULL PRIMARY KEY, Job_Code VARCHAR(20) NOT "
    "NULL,"
    " Title VARCHAR(200) NOT NULL, Job_Level TINYINT, Exempt BOOLEAN)",
    "CREATE TABLE Worker (Worker_WID VARCHAR(32) NOT NULL PRIMARY KEY, Employee_ID VARCHAR(20) NOT NULL,"
    " Legal_Name VARCHAR(200) NOT NULL, Work_Email VARCHAR(200), Hire_Date DATE NOT NULL COLLATE MOMENT,"
    " Termination_Date DATE COLLATE MOMENT, FTE DECIMALTEXT(5,4) NOT NULL COLLATE DECIMAL, Years_Of_Service "
    "FLOAT,"
    " Organization_WID VARCHAR(32) NOT NULL REFERENCES Organization(Organization_WID), Photo BINARY(4000),"
    " Universal_ID UUIDTEXT COLLATE GUID)",
    "CREATE UNIQUE INDEX IX_Worker_Employee ON Worker(Employee_ID)",
    "CREATE INDEX IX_Worker_Organization ON Worker(Organization_WID, Hire_Date DESC)",
    "CREATE TABLE Position (Position_WID VARCHAR(32) NOT NULL PRIMARY KEY, Worker_WID VARCHAR(32) REFERENCES"
    " Worker(Worker_WID), Job_Profile_WID VARCHAR(32) NOT NULL REFERENCES Job_Profile(Job_Profile_WID),"
    " Business_Title VARCHAR(200), Effective_From TIMESTAMP NOT NULL COLLATE MOMENT, Shift_Start TIME "
    "COLLATE MOMENT,"
    " Shift_End TIME COLLATE MOMENT)",
    "CREATE TABLE Time_Off (Worker_WID VARCHAR(32) NOT NULL REFERENCES Worker(Worker_WID), Time_Off_Date "
    "DATE NOT NULL"
    " COLLATE MOMENT, Reason VARCHAR(40) NOT NULL, Units DECIMALTEXT(6,2) NOT NULL COLLATE DECIMAL, Approved "
    "BOOLEAN,"
    " PRIMARY KEY (Worker_WID, Time_Off_Date, Reason))",
    "CREATE TABLE Pay (Worker_WID VARCHAR(32) NOT NULL REFERENCES Worker(Worker_WID), Pay_Period INTEGER NOT "
    "NULL,"
    " Gross NUMERICTEXT(14,4) NOT NULL COLLATE DECIMAL, Currency VARCHAR(3) NOT NULL, PRIMARY KEY "
    "(Worker_WID,"
    " Pay_Period))",
    "CREATE VIEW Active_Workers AS SELECT Worker_WID, Employee_ID, Legal_Name, Hire_Date FROM Worker WHERE"
    " Termination_Date IS NULL",
    NULL,
};

static const struct remark remarks[] = {
    {"Worker", "", "Everyone who works or has worked here"},
    {"Worker", "FTE", "Share of a full-time position"},
    {"Organization", "", "Departments and cost centers"},
    {"Time_Off", "", "Days away, by worker, date and reason"},
    {"Time_Off", "Units", "Days; halves are possible"},
    {"Pay", "Gross", "Before tax, in the currency of the row"},
    {"Active_Workers", "", "Workers without a termination date"},
    {NULL, NULL, NULL},
};

static struct sample_text wid(const char *kind, int number)
{
    return sample_text("%.2s%06x%08x%016x", kind, number * 40503 % 0xFFFFFF, number * 2654 + 1, number);
}

static void fill_workers(struct loader *loader)
{
    static const unsigned char photo[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0x00, 0xFF};

    loader_into(loader, "INSERT INTO Worker VALUES (?,?,?,?,?,?,?,?,?,?,?)");
    for (int i = 0; i < WORKERS; i++)
        loader_row(loader, "sssssssdsbs", wid("a1", i).text, sample_text("E%05d", 100 + i).text,
                   sample_text("Worker %c. Number-%02d", 'A' + i % 26, i).text,
                   sample_text("w%d@hr.example", i).text, sample_date(i * 20).text,
                   i % 9 == 8 ? sample_date(i * 20 + 400).text : NULL, i % 3 ? "1.0000" : "0.6250",
                   (80 - i) / 16.0, wid("b2", i % ORGANIZATIONS).text, i % 4 ? NULL : (const void *)photo,
                   sizeof photo, sample_text("{%08x-0000-4000-8000-%012x}", i * 7919, i).text);
}

static void fill(struct loader *loader)
{
    static const char *const reasons[] = {"Vacation", "Sick", "Parental"};

    loader_into(loader, "INSERT INTO Organization VALUES (?,?,?,?,?,?,?)");
    for (int i = 0; i < ORGANIZATIONS; i++)
        loader_row(loader, "sssssis", wid("b2", i).text, sample_text("ORG-%03d", i).text,
                   sample_text("Department %d", i).text, i % 2 ? "Cost Center" : "Supervisory",
                   i ? wid("b2", (i - 1) / 3).text : NULL, i == 11, sample_date(i * 30).text);
    loader_into(loader, "INSERT INTO Job_Profile VALUES (?,?,?,?,?)");
    for (int i = 0; i < PROFILES; i++)
        loader_row(loader, "sssii", wid("c3", i).text, sample_text("J%02d", i).text,
                   sample_text("Specialist %d", i).text, i * 12, i % 2);
    fill_workers(loader);
    loader_into(loader, "INSERT INTO Position VALUES (?,?,?,?,?,?,?)");
    for (int i = 0; i < WORKERS; i++)
        loader_row(loader, "sssssss", wid("d4", i).text, i % 13 ? wid("a1", i).text : NULL,
                   wid("c3", i % PROFILES).text, sample_text("Role %d", i).text,
                   sample_timestamp(i * 20, 28800).text, i % 2 ? "08:00:00" : "22:30:00.5",
                   i % 2 ? "16:30:00" : NULL);
    loader_into(loader, "INSERT INTO Time_Off VALUES (?,?,?,?,?)");
    for (int i = 0; i < TIMES_OFF; i++)
        loader_row(loader, i % 5 ? "ssssi" : "ssssn", wid("a1", i % WORKERS).text, sample_date(1200 + i).text,
                   reasons[i % 3], i % 2 ? "1.00" : "0.50", i % 7 != 0);
    loader_into(loader, "INSERT INTO Pay VALUES (?,?,?,?)");
    for (int i = 0; i < WORKERS; i++)
        for (int period = 202401; period <= 202403; period++)
            loader_row(loader, "siss", wid("a1", i).text, period,
                       sample_text("%d.%04d", 3000 + sample_pick(i, 1, 9000), sample_pick(i, 2, 10000)).text,
                       i % 2 ? "EUR" : "USD");
}

const struct sample_tables sample_workday = {schema, fill, remarks};
