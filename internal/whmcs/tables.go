package whmcs

import "strings"

// table is one that the import reads.
type table struct {
	name     string
	required bool
	needs    []string // columns without which it makes no sense
	owner    string   // column that leads to the client, "" for a table that is nobody's
	via      string   // table whose id owner names, "" for tblclients itself
}

// tables are all tables that are read, in the order of reports. Where a row belongs to another that belongs to a client,
// that one's table comes first.
var tables = []table{
	{name: "tblconfiguration", needs: []string{"setting", "value"}},
	{name: "tblcurrencies", needs: []string{"id", "code"}},
	{name: "tblservers", needs: []string{"id"}},
	{name: "tblproducts", required: true, needs: []string{"id", "name", "type"}},
	{name: "tbladdons", needs: []string{"id", "name"}},
	{name: "tbldomainpricing", needs: []string{"id", "extension"}},
	{name: "tblpricing", needs: []string{"id", "type", "relid"}},
	{name: "tblusers", needs: []string{"id", "email", "password"}},
	{name: "tblclients", required: true, owner: "id", needs: []string{"id", "firstname", "lastname", "companyname", "email", "country", "credit", "status"}},
	{name: "tblusers_clients", owner: "client_id", needs: []string{"id", "auth_user_id", "client_id", "owner"}},
	{name: "tblcontacts", owner: "userid", needs: []string{"id", "userid"}},
	{name: "tblnotes", owner: "userid", needs: []string{"id", "userid", "note"}},
	{name: "tblhosting", required: true, owner: "userid", needs: []string{"id", "userid", "packageid", "regdate", "domain", "amount", "billingcycle", "nextduedate", "nextinvoicedate", "domainstatus"}},
	{name: "tblhostingaddons", owner: "hostingid", via: "tblhosting", needs: []string{"id", "hostingid", "recurring", "billingcycle", "nextduedate", "status"}},
	{name: "tbldomains", required: true, owner: "userid", needs: []string{"id", "userid", "domain", "registrationdate", "recurringamount", "registrationperiod", "expirydate", "nextduedate", "nextinvoicedate", "status", "donotrenew"}},
	{name: "tblcancelrequests", owner: "relid", via: "tblhosting", needs: []string{"id", "date", "relid", "type"}},
	{name: "tblinvoices", required: true, owner: "userid", needs: []string{"id", "userid", "invoicenum", "date", "duedate", "subtotal", "credit", "tax", "total", "taxrate", "status"}},
	{name: "tblinvoiceitems", required: true, owner: "invoiceid", via: "tblinvoices", needs: []string{"id", "invoiceid", "type", "relid", "description", "amount", "taxed"}},
	{name: "tblaccounts", required: true, owner: "userid", needs: []string{"id", "userid", "gateway", "date", "amountin", "amountout", "transid", "invoiceid"}},
	{name: "tblcredit", owner: "clientid", needs: []string{"id", "clientid", "amount"}},
	{name: "tblorders", owner: "userid", needs: []string{"id", "userid", "date", "status"}},
	{name: "tblquotes", owner: "userid", needs: []string{"id", "userid", "subject", "stage"}},
	{name: "tblquoteitems", owner: "quoteid", via: "tblquotes", needs: []string{"id", "quoteid", "description", "unitprice"}},
	{name: "tbltickets", owner: "userid", needs: []string{"id", "tid", "userid", "date", "title", "message", "status"}},
	{name: "tblticketreplies", owner: "tid", via: "tbltickets", needs: []string{"id", "tid", "date", "message"}},
	{name: "tblticketnotes", owner: "ticketid", via: "tbltickets", needs: []string{"id", "ticketid", "date", "message"}},
}

// unknownTable is the rank of a table that is not read.
const unknownTable = 255

var ranks = func() map[string]int {
	m := make(map[string]int, len(tables))
	for i, t := range tables {
		m[t.name] = i
	}
	return m
}()

// rank returns the place of a table in tables.
func rank(table string) int {
	if i, ok := ranks[table]; ok {
		return i
	}
	return unknownTable
}

// whyIgnored tells why a table is not read.
func whyIgnored(table string) string {
	switch table {
	case "tblcustomfields", "tblcustomfieldsvalues", "tbldomainsadditionalfields":
		return "fields of the provider's own: there is no place for them"
	case "tblpaymethods", "tblcreditcards", "tblbankaccts":
		return "encrypted by WHMCS: customers give their mandate again"
	case "tblbillableitems":
		return "what is still to be billed by hand: look at it before WHMCS is switched off"
	case "tblinvoicedata", "mod_invoicedata":
		return "invoices carry the customer's data of today"
	}
	switch {
	case strings.HasPrefix(table, "tbladmin"):
		return "staff get new logins"
	case strings.HasPrefix(table, "tblaffiliate"):
		return "there are no affiliates"
	case !strings.HasPrefix(table, "tbl"):
		return "not a table of WHMCS itself"
	}
	return "nothing that a customer sees"
}
