/*
 * Owns the list of workspaces. Knows nothing of how names are resolved.
 */
#include "workspace.h"

static const struct asset sales[] = {
    {"CRM", "Accounts", "Salesforce", "Salesforce", "Account"},
    {"CRM", "Contacts", "Salesforce", "Salesforce", "Contact"},
    {"CRM", "Opportunities", "Salesforce", "Salesforce", "Opportunity"},
    {"Orders", "Customers", "PostgreSQL1", "public", "customers"},
    {"Orders", "Order Items", "PostgreSQL1", "public", "order_items"},
    {"Orders", "Orders", "PostgreSQL1", "public", "orders"},
    {WORKSPACE_ROOT, "Products", "Salesforce", "Salesforce", "Product2"},
};

static const struct asset people[] = {
    {WORKSPACE_ROOT, "Organizations", "Workday", "Workday", "Organization"},
    {WORKSPACE_ROOT, "Workers", "Workday", "Workday", "Worker"},
};

static const struct workspace workspaces[] = {
    {"People", people, sizeof people / sizeof *people},
    {"Sales", sales, sizeof sales / sizeof *sales},
};

const struct workspace *workspaces_all(size_t *count)
{
    *count = sizeof workspaces / sizeof *workspaces;
    return workspaces;
}
