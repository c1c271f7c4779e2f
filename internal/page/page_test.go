package page_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"

	"klantenpaneel/internal/page"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/viewer"

	"github.com/google/uuid"
	"pgregory.net/rapid"
)

// TestAWalkPageByPageIsTheWholeList walks lists of every order in both directions from both ends, with pages of any size.
func TestAWalkPageByPageIsTheWholeList(t *testing.T) {
	s := newShelf(t, 3)
	for i, n := range []int{0, 1, 60} {
		s.fill(t, s.accounts[i], n)
	}
	rapid.Check(t, func(r *rapid.T) {
		for range 10 {
			account := s.accounts[rapid.SampledFrom([]int{0, 1, 2, 2, 2, 2}).Draw(r, "account")]
			order, desc, back := rapid.SampledFrom(orders()).Draw(r, "order"), rapid.Bool().Draw(r, "desc"), rapid.Bool().Draw(r, "back")
			var seen []uuid.UUID
			for q := (page.Query{Order: order, Desc: &desc}); ; {
				q.First, q.Last = ptr(rapid.IntRange(4, 40).Draw(r, "size")), nil
				if back {
					q.First, q.Last = nil, q.First
				}
				pages, err := s.pages(t, staff(), []uuid.UUID{account}, q)
				if err != nil {
					r.Fatal(err)
				}
				c := pages[account]
				more := c.PageInfo.HasNextPage
				q.After = c.PageInfo.EndCursor
				if back {
					seen, more = append(ids(c), seen...), c.PageInfo.HasPreviousPage
					q.After, q.Before = nil, c.PageInfo.StartCursor
				} else {
					seen = append(seen, ids(c)...)
				}
				if !more {
					break
				}
			}
			if want := s.all(r, account, order, desc); !slices.Equal(seen, want) {
				r.Fatalf("by %s, descending %v, backwards %v: %d of %d things, or in another order", order, desc, back, len(seen), len(want))
			}
		}
	})
}

// TestWhoReadsIsNotDisturbedByWhatIsAddedAndRemoved changes the list between any two pages.
func TestWhoReadsIsNotDisturbedByWhatIsAddedAndRemoved(t *testing.T) {
	s := newShelf(t, 1)
	account := s.accounts[0]
	rapid.Check(t, func(r *rapid.T) {
		s.must(r, "delete from thing")
		s.fill(r, account, 40)
		order, desc, back := rapid.SampledFrom(orders()).Draw(r, "order"), rapid.Bool().Draw(r, "desc"), rapid.Bool().Draw(r, "back")
		before := s.all(r, account, order, desc)
		var seen []uuid.UUID
		for q := (page.Query{Order: order, Desc: &desc, Args: page.Args{First: ptr(7)}}); ; {
			if back {
				q.First, q.Last = nil, ptr(7)
			}
			pages, err := s.pages(t, staff(), []uuid.UUID{account}, q)
			if err != nil {
				r.Fatal(err)
			}
			c := pages[account]
			if len(c.Edges) == 0 {
				break
			}
			if back {
				seen = append(ids(c), seen...)
				q.Before = c.PageInfo.StartCursor
			} else {
				seen = append(seen, ids(c)...)
				q.After = c.PageInfo.EndCursor
			}
			s.fill(r, account, rapid.IntRange(0, 5).Draw(r, "added"))
			s.must(r, "delete from thing where id in (select id from thing order by md5(id::text || ?::text) limit ?)", rapid.Uint32().Draw(r, "salt"), rapid.IntRange(0, 3).Draw(r, "removed"))
			if len(seen) > 1000 {
				r.Fatal("the list does not end")
			}
		}
		stayed := s.all(r, account, order, desc)
		times := map[uuid.UUID]int{}
		for _, id := range seen {
			if times[id]++; times[id] > 1 {
				r.Fatalf("%s was shown twice", id)
			}
		}
		for _, id := range before {
			if slices.Contains(stayed, id) && times[id] == 0 {
				r.Fatalf("%s was there all the time, and was not shown", id)
			}
		}
	})
}

func TestThePagesOfSeveralParentsAreThoseOfEachAlone(t *testing.T) {
	s := newShelf(t, 7)
	for i, account := range s.accounts {
		s.fill(t, account, i*4)
	}
	whole, err := s.pages(t, staff(), s.accounts[5:6], page.Query{Args: page.Args{First: ptr(100)}})
	if err != nil {
		t.Fatal(err)
	}
	middle := whole[s.accounts[5]].Edges[9].Cursor
	rapid.Check(t, func(r *rapid.T) {
		desc := rapid.Bool().Draw(r, "desc")
		q := page.Query{Order: rapid.SampledFrom(orders()).Draw(r, "order"), Desc: &desc}
		size := ptr(rapid.IntRange(1, 12).Draw(r, "size"))
		if rapid.Bool().Draw(r, "last") {
			q.Last = size
		} else {
			q.First = size
		}
		if rapid.Bool().Draw(r, "after") {
			q.Order, q.After = "NAME", &middle
		}
		together, err := s.pages(t, staff(), s.accounts, q)
		if err != nil {
			r.Fatal(err)
		}
		for i, account := range s.accounts {
			alone, err := s.pages(t, staff(), []uuid.UUID{account}, q)
			if err != nil {
				r.Fatal(err)
			}
			if !slices.Equal(ids(together[account]), ids(alone[account])) || fmt.Sprint(flags(together[account])) != fmt.Sprint(flags(alone[account])) {
				r.Fatalf("account %d: %v beside the others, %v alone", i, together[account], alone[account])
			}
		}
	})
	err = s.DB.Read(t.Context(), staff(), viewer.ReadAccount, func(tx *pg.Tx) error {
		counts, err := things.Counts(t.Context(), tx, s.accounts, page.Query{})
		for i, account := range s.accounts {
			if counts[account] != i*4 {
				t.Errorf("account %d counts %d things", i, counts[account])
			}
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func flags(c *page.Connection[thing]) [2]bool {
	return [2]bool{c.PageInfo.HasPreviousPage, c.PageInfo.HasNextPage}
}

func TestAPageSaysWhereItLies(t *testing.T) {
	s := newShelf(t, 1)
	s.fill(t, s.accounts[0], 10)
	get := func(args page.Args) *page.Connection[thing] {
		t.Helper()
		pages, err := s.pages(t, staff(), s.accounts, page.Query{Args: args})
		if err != nil {
			t.Fatal(err)
		}
		return pages[s.accounts[0]]
	}
	at := get(page.Args{}).Edges
	for _, test := range []struct {
		name           string
		args           page.Args
		from, to       int
		previous, next bool
	}{
		{"without arguments the first twenty", page.Args{}, 0, 10, false, false},
		{"the first three", page.Args{First: ptr(3)}, 0, 3, false, true},
		{"three after the third", page.Args{First: ptr(3), After: &at[2].Cursor}, 3, 6, true, true},
		{"exactly what is left", page.Args{First: ptr(7), After: &at[2].Cursor}, 3, 10, true, false},
		{"nothing after the last", page.Args{First: ptr(3), After: &at[9].Cursor}, 10, 10, true, false},
		{"the last three", page.Args{Last: ptr(3)}, 7, 10, true, false},
		{"three before the eighth", page.Args{Last: ptr(3), Before: &at[7].Cursor}, 4, 7, true, true},
		{"all there is before the fourth", page.Args{Last: ptr(100), Before: &at[3].Cursor}, 0, 3, false, true},
		{"nothing before the first", page.Args{Last: ptr(3), Before: &at[0].Cursor}, 0, 0, false, true},
		{"between two", page.Args{After: &at[1].Cursor, Before: &at[5].Cursor}, 2, 5, true, false},
		{"the last two between two", page.Args{Last: ptr(2), After: &at[1].Cursor, Before: &at[5].Cursor}, 3, 5, true, true},
		{"nothing between two the wrong way round", page.Args{After: &at[5].Cursor, Before: &at[1].Cursor}, 0, 0, true, false},
	} {
		c := get(test.args)
		var want []uuid.UUID
		for _, e := range at[test.from:test.to] {
			want = append(want, e.Node.ID)
		}
		if !slices.Equal(ids(c), want) || flags(c) != [2]bool{test.previous, test.next} {
			t.Errorf("%s: %d things, more before and after: %v", test.name, len(c.Edges), flags(c))
		}
		if n := len(c.Edges); n == 0 && (c.PageInfo.StartCursor != nil || c.PageInfo.EndCursor != nil) ||
			n > 0 && (*c.PageInfo.StartCursor != c.Edges[0].Cursor || *c.PageInfo.EndCursor != c.Edges[n-1].Cursor) {
			t.Errorf("%s: the cursors are not those of its ends", test.name)
		}
	}
}

func TestWhatIsOutOfRangeIsInvalidAndNamed(t *testing.T) {
	s := newShelf(t, 1)
	s.fill(t, s.accounts[0], 3)
	by := func(order string) string {
		pages, err := s.pages(t, staff(), s.accounts, page.Query{Order: order})
		if err != nil {
			t.Fatal(err)
		}
		return pages[s.accounts[0]].Edges[0].Cursor
	}
	forged := func(parts ...string) *string {
		return ptr(base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, "\x1f"))))
	}
	id := uuid.NewString()
	for name, test := range map[string]struct {
		args  page.Args
		order string
		path  string
	}{
		"no things at all":                    {page.Args{First: ptr(0)}, "", "first"},
		"fewer than none":                     {page.Args{Last: ptr(-1)}, "", "last"},
		"too many":                            {page.Args{First: ptr(101)}, "", "first"},
		"too many from the end":               {page.Args{Last: ptr(1 << 31)}, "", "last"},
		"from both ends":                      {page.Args{First: ptr(1), Last: ptr(1)}, "", "last"},
		"a cursor of another order":           {page.Args{After: ptr(by("MADE_ON"))}, "NAME", "after"},
		"a cursor of another list":            {page.Args{Before: forged("invoice", "NAME", id, "a")}, "NAME", "before"},
		"an empty cursor":                     {page.Args{After: ptr("")}, "", "after"},
		"text":                                {page.Args{After: ptr("'; drop table thing; --")}, "", "after"},
		"a cursor with something behind it":   {page.Args{After: ptr(by("NAME") + "=")}, "NAME", "after"},
		"a cursor without an id":              {page.Args{After: forged("thing", "NAME", "", "a")}, "NAME", "after"},
		"an id in another spelling":           {page.Args{After: forged("thing", "NAME", "{"+id+"}", "a")}, "NAME", "after"},
		"text that is not UTF-8":              {page.Args{After: forged("thing", "NAME", id, "\xff")}, "NAME", "after"},
		"text with NUL":                       {page.Args{After: forged("thing", "NAME", id, "a\x00")}, "NAME", "after"},
		"a day that is none":                  {page.Args{After: forged("thing", "MADE_ON", id, "2026-02-30")}, "MADE_ON", "after"},
		"a day in words":                      {page.Args{After: forged("thing", "MADE_ON", id, "tomorrow")}, "MADE_ON", "after"},
		"no day":                              {page.Args{After: forged("thing", "MADE_ON", id, "")}, "MADE_ON", "after"},
		"a moment in the year 0":              {page.Args{After: forged("thing", "SEEN_AT", id, "0000-01-01T00:00:00Z")}, "SEEN_AT", "after"},
		"a moment that is none":               {page.Args{After: forged("thing", "SEEN_AT", id, "2026-01-01 00:00")}, "SEEN_AT", "after"},
		"an amount that is none":              {page.Args{After: forged("thing", "AMOUNT", id, "1e3")}, "AMOUNT", "after"},
		"an amount beyond 64 bits":            {page.Args{After: forged("thing", "AMOUNT", id, "9223372036854775808")}, "AMOUNT", "after"},
		"an amount with something behind it":  {page.Args{After: forged("thing", "AMOUNT", id, "1 or 1=1")}, "AMOUNT", "after"},
		"a position with a plus":              {page.Args{After: forged("thing", "POSITION", id, "+1")}, "POSITION", "after"},
		"a cursor in the alphabet of base64+": {page.Args{After: ptr("++//")}, "", "after"},
	} {
		_, err := s.pages(t, staff(), s.accounts, page.Query{Args: test.args, Order: test.order})
		if p, ok := problem.As(err); !ok || p.Code != problem.Invalid || !slices.Equal(p.Path, []string{test.path}) || p.Text.NL == "" || p.Text.NL == p.Text.EN {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNoCursorBreaksAnything: a cursor that is well-formed is a place in the list, whoever wrote it.
func TestNoCursorBreaksAnything(t *testing.T) {
	s := newShelf(t, 1)
	s.fill(t, s.accounts[0], 3)
	accepted := 0
	rapid.Check(t, func(r *rapid.T) {
		order := rapid.SampledFrom(orders()).Draw(r, "order")
		value := rapid.OneOf(rapid.String(), rapid.StringMatching(`-?[0-9]{1,20}`), rapid.StringMatching(`[0-9]{4}-[01][0-9]-[0-3][0-9]`),
			rapid.StringMatching(`[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:00:00(\.[0-9]{1,9})?Z`)).Draw(r, "value")
		cursor := base64.RawURLEncoding.EncodeToString([]byte("thing\x1f" + order + "\x1f" + uuid.NewString() + "\x1f" + value))
		_, err := s.pages(t, staff(), s.accounts, page.Query{Order: order, Args: page.Args{After: &cursor}})
		if err == nil {
			accepted++
		} else if !problem.Is(err, problem.Invalid) {
			r.Fatalf("%s after %q: %v", order, value, err)
		}
	})
	if accepted == 0 {
		t.Error("no cursor was well-formed, so nothing is proved")
	}
}

func TestWithoutAParentAListHoldsWhatTheViewerMaySee(t *testing.T) {
	s := newShelf(t, 3)
	for i, account := range s.accounts {
		s.fill(t, account, i+2)
	}
	for name, test := range map[string]struct {
		v    viewer.Viewer
		want int
	}{
		"a customer its own":                         {viewer.Viewer{Kind: viewer.Customer, Account: s.accounts[1]}, 3},
		"a partner its own and its customers'":       {viewer.Viewer{Kind: viewer.Partner, Account: s.accounts[0]}, 2 + 3},
		"staff all":                                  {viewer.Viewer{Kind: viewer.Staff}, 2 + 3 + 4},
		"who acts in no account sees nothing at all": {viewer.Viewer{Kind: viewer.Customer}, 0},
	} {
		v := test.v.With(viewer.ReadAccount)
		pages, err := s.pages(t, v, nil, page.Query{})
		if err != nil {
			t.Fatal(err)
		}
		err = s.DB.Read(t.Context(), v, viewer.ReadAccount, func(tx *pg.Tx) error {
			counts, err := things.Counts(t.Context(), tx, nil, page.Query{})
			if got := len(pages[uuid.Nil].Edges); got != test.want || counts[uuid.Nil] != test.want {
				t.Errorf("%s: %d things, %d by count, want %d", name, got, counts[uuid.Nil], test.want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}

func TestWordsAreLookedForLiterally(t *testing.T) {
	for search, want := range map[string][]string{
		"":                          {},
		" \t\u00a0\n ":              {},
		"Jansen":                    {"%jansen%"},
		"  Bakkerij   JANSEN ":      {"%bakkerij%", "%jansen%"},
		"100%":                      {`%100\%%`},
		"a_b":                       {`%a\_b%`},
		`c:\temp`:                   {`%c:\\temp%`},
		`\%`:                        {`%\\\%%`},
		"2014-0001":                 {"%2014-0001%"},
		"voorbeeld.nl":              {"%voorbeeld.nl%"},
		"O'Brien \"x\"":             {"%o'brien%", `%"x"%`},
		"CAFÉ":                      {"%café%"},
		strings.Repeat("a ", 11):    slices.Repeat([]string{"%a%"}, 10),
		"één twee":                  {"%één%", "%twee%"},
		"<script>alert(1)</script>": {"%<script>alert(1)</script>%"},
	} {
		if got := page.Words(search); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", search, got, want)
		}
	}
}
