/* The sample's Salesforce: sales objects with their 18-character ids, keys, indexes and views. */
#include "sample_loader.h"

#include <stddef.h>

enum { USERS = 8, ACCOUNTS = 60, CONTACTS = 150, PRODUCTS = 20, OPPORTUNITIES = 90, CASES = 60, LEADS = 50 };
enum { CAMPAIGNS = 10, MEMBERS = 60 };

static const char *const schema[] = {
    "CREATE TABLE User (Id VARCHAR(18) NOT NULL PRIMARY KEY, Username VARCHAR(80) NOT NULL, FirstName "
    "VARCHAR(40),"
    " LastName VARCHAR(80) NOT NULL, Email VARCHAR(128) NOT NULL, IsActive BOOLEAN NOT NULL DEFAULT 1,"
    " LastLoginDate TIMESTAMP COLLATE MOMENT, ManagerId VARCHAR(18) REFERENCES User(Id))",
    "CREATE UNIQUE INDEX IX_User_Username ON User(Username)",
    "CREATE TABLE Account (Id VARCHAR(18) NOT NULL PRIMARY KEY, Name VARCHAR(255) NOT NULL, Type "
    "VARCHAR(255),"
    " Industry VARCHAR(255), AnnualRevenue DECIMALTEXT(18,2) COLLATE DECIMAL, NumberOfEmployees INTEGER,"
    " Phone VARCHAR(40), Website VARCHAR(255), BillingStreet VARCHAR(255), BillingCity VARCHAR(40),"
    " BillingPostalCode VARCHAR(20), BillingCountry VARCHAR(80), BillingLatitude DOUBLE, BillingLongitude "
    "DOUBLE,"
    " Rating VARCHAR(255), Description VARCHAR(32000), IsDeleted BOOLEAN NOT NULL DEFAULT 0,"
    " ParentId VARCHAR(18) REFERENCES Account(Id), OwnerId VARCHAR(18) NOT NULL REFERENCES User(Id),"
    " CreatedDate TIMESTAMP NOT NULL COLLATE MOMENT, LastActivityDate DATE COLLATE MOMENT)",
    "CREATE INDEX IX_Account_Name ON Account(Name)",
    "CREATE INDEX IX_Account_Industry ON Account(Industry, AnnualRevenue DESC)",
    "CREATE TABLE Contact (Id VARCHAR(18) NOT NULL PRIMARY KEY, AccountId VARCHAR(18) REFERENCES Account(Id),"
    " FirstName VARCHAR(40), LastName VARCHAR(80) NOT NULL,"
    " Name VARCHAR(121) GENERATED ALWAYS AS (TRIM(COALESCE(FirstName, '') || ' ' || LastName)) VIRTUAL,"
    " Title VARCHAR(128), Email VARCHAR(80), Phone VARCHAR(40), Birthdate DATE COLLATE MOMENT,"
    " HasOptedOutOfEmail BOOLEAN NOT NULL DEFAULT 0, ReportsToId VARCHAR(18) REFERENCES Contact(Id),"
    " OwnerId VARCHAR(18) NOT NULL REFERENCES User(Id), CreatedDate TIMESTAMP NOT NULL COLLATE MOMENT)",
    "CREATE INDEX IX_Contact_Account ON Contact(AccountId)",
    "CREATE TABLE Product2 (Id VARCHAR(18) NOT NULL PRIMARY KEY, Name VARCHAR(255) NOT NULL,"
    " ProductCode VARCHAR(255), Family VARCHAR(255), Description VARCHAR(4000), IsActive BOOLEAN NOT NULL"
    " DEFAULT 1)",
    "CREATE UNIQUE INDEX IX_Product2_Code ON Product2(ProductCode)",
    "CREATE TABLE Opportunity (Id VARCHAR(18) NOT NULL PRIMARY KEY, AccountId VARCHAR(18) REFERENCES "
    "Account(Id),"
    " Name VARCHAR(120) NOT NULL, StageName VARCHAR(255) NOT NULL, Amount DECIMALTEXT(18,2) COLLATE DECIMAL,"
    " Probability DOUBLE, CloseDate DATE NOT NULL COLLATE MOMENT, Type VARCHAR(255), LeadSource VARCHAR(255),"
    " IsClosed BOOLEAN NOT NULL, IsWon BOOLEAN NOT NULL, OwnerId VARCHAR(18) NOT NULL REFERENCES User(Id),"
    " CreatedDate TIMESTAMP NOT NULL COLLATE MOMENT)",
    "CREATE INDEX IX_Opportunity_Account ON Opportunity(AccountId)",
    "CREATE INDEX IX_Opportunity_Stage ON Opportunity(StageName, CloseDate)",
    "CREATE TABLE OpportunityLineItem (Id VARCHAR(18) NOT NULL PRIMARY KEY, OpportunityId VARCHAR(18) NOT "
    "NULL"
    " REFERENCES Opportunity(Id), Product2Id VARCHAR(18) NOT NULL REFERENCES Product2(Id), SortOrder "
    "SMALLINT,"
    " Quantity DECIMALTEXT(12,2) NOT NULL COLLATE DECIMAL, UnitPrice DECIMALTEXT(18,2) NOT NULL COLLATE "
    "DECIMAL,"
    " Discount DOUBLE, ServiceDate DATE COLLATE MOMENT)",
    "CREATE INDEX IX_LineItem_Opportunity ON OpportunityLineItem(OpportunityId, SortOrder)",
    "CREATE TABLE [Case] (Id VARCHAR(18) NOT NULL PRIMARY KEY, CaseNumber VARCHAR(30) NOT NULL,"
    " AccountId VARCHAR(18) REFERENCES Account(Id), ContactId VARCHAR(18) REFERENCES Contact(Id),"
    " Subject VARCHAR(255), Status VARCHAR(255) NOT NULL DEFAULT 'New', Priority VARCHAR(255), Origin "
    "VARCHAR(255),"
    " Description VARCHAR(32000), IsEscalated BOOLEAN NOT NULL DEFAULT 0, CreatedDate TIMESTAMP NOT NULL"
    " COLLATE MOMENT, ClosedDate TIMESTAMP COLLATE MOMENT)",
    "CREATE UNIQUE INDEX IX_Case_Number ON [Case](CaseNumber)",
    "CREATE TABLE Lead (Id VARCHAR(18) NOT NULL PRIMARY KEY, FirstName VARCHAR(40), LastName VARCHAR(80) NOT "
    "NULL,"
    " Company VARCHAR(255) NOT NULL, Email VARCHAR(80), Status VARCHAR(255) NOT NULL, Rating VARCHAR(255),"
    " AnnualRevenue DECIMALTEXT(18,2) COLLATE DECIMAL, IsConverted BOOLEAN NOT NULL DEFAULT 0,"
    " ConvertedAccountId VARCHAR(18) REFERENCES Account(Id), CreatedDate TIMESTAMP NOT NULL COLLATE MOMENT)",
    "CREATE TABLE Campaign (Id VARCHAR(18) NOT NULL PRIMARY KEY, Name VARCHAR(80) NOT NULL, Type "
    "VARCHAR(255),"
    " Status VARCHAR(255), StartDate DATE COLLATE MOMENT, EndDate DATE COLLATE MOMENT,"
    " BudgetedCost DECIMALTEXT(18,2) COLLATE DECIMAL, ExpectedResponse FLOAT, NumberSent BIGINT,"
    " IsActive BOOLEAN NOT NULL DEFAULT 0)",
    "CREATE TABLE CampaignMember (CampaignId VARCHAR(18) NOT NULL REFERENCES Campaign(Id), ContactId "
    "VARCHAR(18)"
    " NOT NULL REFERENCES Contact(Id), Status VARCHAR(40), FirstRespondedDate DATE COLLATE MOMENT,"
    " PRIMARY KEY (CampaignId, ContactId))",
    "CREATE VIEW OpenOpportunity AS SELECT o.Id, o.Name, a.Name AS AccountName, o.StageName, o.Amount, "
    "o.CloseDate"
    " FROM Opportunity o LEFT JOIN Account a ON a.Id = o.AccountId WHERE NOT o.IsClosed",
    "CREATE VIEW AccountContact AS SELECT a.Id AS AccountId, a.Name AS AccountName, c.Id AS ContactId, "
    "c.Name AS"
    " ContactName, c.Email FROM Account a JOIN Contact c ON c.AccountId = a.Id",
    NULL,
};

static const struct remark remarks[] = {
    {"Account", "", "Companies and people the organization does business with"},
    {"Account", "Id", "Unique id of the account"},
    {"Account", "AnnualRevenue", "Estimated revenue a year, in the currency of the organization"},
    {"Account", "Industry", "Main field of business"},
    {"Account", "ParentId", "The account this one belongs to"},
    {"Contact", "", "People who work for an account"},
    {"Contact", "Name", "First and last name; cannot be written"},
    {"Opportunity", "", "Sales under way, won or lost"},
    {"Opportunity", "Amount", "Expected total of the sale"},
    {"Opportunity", "Probability", "Chance of winning, in percent"},
    {"OpportunityLineItem", "", "Products of an opportunity"},
    {"Case", "", "Questions and complaints of customers"},
    {"Lead", "", "People who may become customers"},
    {"Campaign", "", "Marketing campaigns"},
    {"User", "", "People who use the organization's Salesforce"},
    {"OpenOpportunity", "", "Opportunities that are not closed, with their account's name"},
    {NULL, NULL, NULL},
};

static const char *const first_names[] = {"Anna",  "Bruno", "Chloé", "David",  "Émile", "Fatima",
                                          "Göran", "Hana",  "Ivan",  "Jürgen", "Kim",   "Łukasz",
                                          "María", "Nora",  "Óscar", "Priya"};
static const char *const last_names[] = {"Andersen", "Bauer",  "Çelik",    "Dubois",  "Eriksson",
                                         "Ferrari",  "García", "Hoffmann", "Ito",     "Jansen",
                                         "Kowalski", "Lopez",  "Müller",   "Novák",   "O'Brien",
                                         "Peters",   "Quinn",  "Rossi",    "Schmidt", "Tanaka"};
static const char *const industries[] = {"Agriculture", "Banking",     "Biotechnology", "Construction",
                                         "Education",   "Electronics", "Energy",        "Healthcare",
                                         "Retail",      "Technology"};
static const char *const companies[] = {"Alpine", "Borealis", "Cobalt", "Delta",   "Edge",    "Fjord",
                                        "Garnet", "Harbor",   "Indigo", "Juniper", "Kestrel", "Lumen"};
static const char *const suffixes[] = {"GmbH", "Ltd", "Inc", "SA", "AB"};
static const char *const cities[] = {"Berlin", "Paris", "London", "Zürich",
                                     "Madrid", "Oslo",  "Boston", "Tokyo"};
static const char *const countries[] = {"Germany", "France", "United Kingdom", "Switzerland",
                                        "Spain",   "Norway", "United States",  "Japan"};
static const char *const stages[] = {"Prospecting",        "Qualification", "Proposal/Price Quote",
                                     "Negotiation/Review", "Closed Won",    "Closed Lost"};
static const int probabilities[] = {10, 20, 60, 80, 100, 0};

#define COUNT(array)        ((int)(sizeof(array) / sizeof *(array)))
#define CHOOSE(array, i, s) ((array)[sample_pick((i), (s), COUNT(array))])

static struct sample_text money(int index, int salt, int most)
{
    return sample_text("%d.%02d", 100 + sample_pick(index, salt, most), sample_pick(index, salt + 1, 100));
}

static void fill_users(struct loader *loader)
{
    loader_into(loader, "INSERT INTO User VALUES (?,?,?,?,?,?,?,?)");
    for (int i = 0; i < USERS; i++) {
        struct sample_text email = sample_text("user%d@example.com", i + 1);

        loader_row(loader, "sssssiss", sample_id("005", i).text, email.text, first_names[i], last_names[i],
                   email.text, i != 5, i == 5 ? NULL : sample_timestamp(1500 + i, 30000 + 977 * i).text,
                   i == 0 ? NULL : sample_id("005", 0).text);
    }
}

static void fill_accounts(struct loader *loader)
{
    loader_into(loader, "INSERT INTO Account VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    for (int i = 0; i < ACCOUNTS; i++) {
        int city = sample_pick(i, 1, COUNT(cities));
        struct sample_text name = sample_text("%s %s %s", companies[i % 12],
                                              i < 12   ? "Systems"
                                              : i < 36 ? "Trading"
                                                       : "Works",
                                              suffixes[i % 5]);
        struct sample_text revenue = sample_text("%d.%02d", 50000 + sample_pick(i, 2, 90000000), i % 100);

        loader_row(
            loader, "ssssssssssssddssissss", sample_id("001", i).text, name.text,
            i % 3 ? "Customer - Direct" : "Prospect", CHOOSE(industries, i, 3),
            i % 7 == 6 ? NULL : revenue.text, sample_text("%d", 5 + sample_pick(i, 4, 5000)).text,
            sample_text("+49 30 %07d", i * 7919).text, sample_text("https://www.company%d.example", i).text,
            sample_text("%d Main Street", i + 1).text, cities[city], sample_text("%05d", 10000 + i * 37).text,
            countries[city], 40.0 + i / 8.0, -20.0 + i / 4.0, i % 4 ? "Warm" : "Hot",
            i % 5 ? NULL : "First line\r\nsecond line, with a \"quote\" and a tab\t.", 0,
            i > 40 ? sample_id("001", i % 10).text : NULL, sample_id("005", i % USERS).text,
            sample_timestamp(i * 11, i * 1201).text, i % 6 ? sample_date(1300 + i).text : NULL);
    }
}

static void fill_contacts(struct loader *loader)
{
    loader_into(loader, "INSERT INTO Contact VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
    for (int i = 0; i < CONTACTS; i++) {
        const char *last = CHOOSE(last_names, i, 5);

        loader_row(loader, "ssssssssisss", sample_id("003", i).text,
                   i % 25 ? sample_id("001", i % ACCOUNTS).text : NULL,
                   i % 30 == 29 ? NULL : CHOOSE(first_names, i, 6), last, i % 4 ? "Buyer" : "Chief Executive",
                   sample_text("contact%d@company%d.example", i, i % ACCOUNTS).text,
                   sample_text("+1 555 %04d", i).text,
                   i % 3 ? sample_text("19%02d-%02d-%02d", 50 + i % 50, i % 12 + 1, i % 28 + 1).text : NULL,
                   i % 11 == 0, i > 100 ? sample_id("003", i - 100).text : NULL,
                   sample_id("005", i % USERS).text, sample_timestamp(i * 7, i * 577).text);
    }
}

static void fill_products(struct loader *loader)
{
    static const char *const families[] = {"Hardware", "Software", "Service"};

    loader_into(loader, "INSERT INTO Product2 VALUES (?,?,?,?,?,?)");
    for (int i = 0; i < PRODUCTS; i++)
        loader_row(loader, "sssssi", sample_id("01t", i).text,
                   sample_text("%s %c-%d", families[i % 3], 'A' + i, i * 10).text,
                   sample_text("P-%04d", i * 7).text, families[i % 3], i % 4 ? "Part of the catalogue" : NULL,
                   i % 9 != 8);
}

static void fill_opportunities(struct loader *loader)
{
    loader_into(loader, "INSERT INTO Opportunity VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
    for (int i = 0; i < OPPORTUNITIES; i++) {
        int stage = sample_pick(i, 7, COUNT(stages));

        loader_row(loader, "sssssdsssiiss", sample_id("006", i).text, sample_id("001", i % ACCOUNTS).text,
                   sample_text("%s - %s %d", companies[i % 12], i % 2 ? "Renewal" : "New order", i).text,
                   stages[stage], i % 17 == 16 ? NULL : money(i, 8, 250000).text,
                   (double)probabilities[stage], sample_date(1000 + sample_pick(i, 9, 900)).text,
                   i % 2 ? "Existing Business" : "New Business", i % 3 ? "Web" : NULL, stage >= 4, stage == 4,
                   sample_id("005", i % USERS).text, sample_timestamp(600 + i * 5, i * 733).text);
    }
    loader_into(loader, "INSERT INTO OpportunityLineItem VALUES (?,?,?,?,?,?,?,?)");
    for (int i = 0; i < 2 * OPPORTUNITIES; i++)
        loader_row(loader, "sssissss", sample_id("00k", i).text, sample_id("006", i / 2).text,
                   sample_id("01t", sample_pick(i, 10, PRODUCTS)).text, i % 2 + 1,
                   sample_text("%d.%02d", 1 + sample_pick(i, 11, 40), i % 4 * 25).text,
                   money(i, 12, 5000).text, i % 5 ? NULL : "12.5", sample_date(1000 + i).text);
}

static void fill_cases(struct loader *loader)
{
    static const char *const statuses[] = {"New", "Working", "Escalated", "Closed"};
    static const char *const origins[] = {"Phone", "Email", "Web"};

    loader_into(loader, "INSERT INTO [Case] VALUES (?,?,?,?,?,?,?,?,?,?,?,?)");
    for (int i = 0; i < CASES; i++)
        loader_row(loader, "sssssssssiss", sample_id("500", i).text, sample_text("%08d", 1000 + i).text,
                   sample_id("001", i % ACCOUNTS).text, sample_id("003", i).text,
                   sample_text("Question no. %d", i).text, statuses[i % 4], i % 3 ? "Medium" : "High",
                   CHOOSE(origins, i, 13), i % 8 ? NULL : "Größe stimmt nicht – bitte prüfen 🙂",
                   i % 4 == 2, sample_timestamp(1200 + i * 3, i * 411).text,
                   i % 4 == 3 ? sample_timestamp(1202 + i * 3, i * 511).text : NULL);
    loader_into(loader, "INSERT INTO Lead VALUES (?,?,?,?,?,?,?,?,?,?,?)");
    for (int i = 0; i < LEADS; i++)
        loader_row(
            loader, "ssssssssiss", sample_id("00Q", i).text, CHOOSE(first_names, i, 14),
            CHOOSE(last_names, i, 15), sample_text("%s Partners", companies[(i + 5) % 12]).text,
            sample_text("lead%d@example.org", i).text, i % 4 ? "Open - Not Contacted" : "Closed - Converted",
            i % 2 ? "Cold" : NULL, i % 6 ? money(i, 16, 1000000).text : NULL, i % 4 == 0,
            i % 4 ? NULL : sample_id("001", i % ACCOUNTS).text, sample_timestamp(1400 + i, i * 97).text);
}

static void fill_campaigns(struct loader *loader)
{
    loader_into(loader, "INSERT INTO Campaign VALUES (?,?,?,?,?,?,?,?,?,?)");
    for (int i = 0; i < CAMPAIGNS; i++)
        loader_row(loader, "sssssssdli", sample_id("701", i).text, sample_text("Campaign %d", 2020 + i).text,
                   i % 2 ? "Email" : "Trade Show", i % 3 ? "Planned" : "Completed", sample_date(i * 150).text,
                   i % 4 ? sample_date(i * 150 + 30).text : NULL, money(i, 17, 100000).text, i * 1.5,
                   (int64_t)i * 3000000000, i % 2);
    loader_into(loader, "INSERT INTO CampaignMember VALUES (?,?,?,?)");
    for (int i = 0; i < MEMBERS; i++)
        loader_row(loader, "ssss", sample_id("701", i % CAMPAIGNS).text, sample_id("003", i * 2).text,
                   i % 3 ? "Sent" : "Responded", i % 3 ? NULL : sample_date(i * 20).text);
}

static void fill(struct loader *loader)
{
    fill_users(loader);
    fill_accounts(loader);
    fill_contacts(loader);
    fill_products(loader);
    fill_opportunities(loader);
    fill_cases(loader);
    fill_campaigns(loader);
}

const struct sample_tables sample_salesforce = {schema, fill, remarks};
