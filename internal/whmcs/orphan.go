package whmcs

// settleOrphans decides about rows that belong to no client. What money is in cannot be passed over; the rest WHMCS
// itself shows nowhere any more.
func settleOrphans(rows []*row) {
	for _, r := range rows {
		if r.out() {
			continue
		}
		switch r.table {
		case "tblinvoices":
			r.refuse("client %d does not exist", r.integer("userid"))
		case "tblaccounts":
			switch {
			case r.integer("userid") == 0 && r.integer("invoiceid") == 0:
				r.leaveOut("it belongs to no client: the provider's own bookkeeping")
			case isZero(r.raw("amountin")) && isZero(r.raw("amountout")):
				r.leaveOut("its client does not exist, and no money changed hands")
			default:
				r.refuse("client %d and invoice %d do not exist", r.integer("userid"), r.integer("invoiceid"))
			}
		case "tbltickets":
			if r.integer("userid") == 0 {
				r.leaveOut("whoever wrote it is not a client")
				continue
			}
			r.leaveOut("client %d does not exist", r.integer("userid"))
		case "tblquotes":
			if r.integer("userid") == 0 {
				r.leaveOut("it is for somebody who is not a client")
				continue
			}
			r.leaveOut("client %d does not exist", r.integer("userid"))
		default:
			t := tables[rank(r.table)]
			what := t.via
			if what == "" {
				what = "tblclients"
			}
			r.leaveOut("it belongs to %s %d, which is nobody's or does not exist", what, r.integer(t.owner))
		}
	}
}

func isZero(s string) bool {
	c, err := parseCents(s)
	return err == nil && c == 0
}
