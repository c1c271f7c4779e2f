package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// report prints tables of ratios: to the limit where it can answer, with the median, lowest and highest of the rounds.
func report(w io.Writer, r *results, contenders []string) {
	fmt.Fprintf(w, "%d customers, %d cores, %s. Figures are ratios to the limit: median of the rounds (lowest–highest).\n", r.Customers, r.Cores, r.Started.Format(time.DateOnly))
	for _, q := range questions {
		if by, measured := r.Samples[q.name]; measured {
			fmt.Fprintf(w, "\n### %s: %s\n\n", q.name, q.about)
			table(w, q, by, contenders, r.Bytes[q.name])
		}
	}
	growth(w, r)
	fmt.Fprint(w, "\nMemory at the end:")
	for _, name := range contenders {
		fmt.Fprintf(w, " %s %d MB.", name, r.Memory[name]>>20)
	}
	fmt.Fprintln(w)
}

func table(w io.Writer, q question, by map[int]map[string][]sample, contenders []string, size int) {
	var at []int
	for n := range by {
		at = append(at, n)
	}
	slices.Sort(at)
	busy := at[len(at)/2] // where CPU is counted
	header, rule := []string{fmt.Sprintf("%.1f KB", float64(size)/1000)}, []string{"---"}
	for _, n := range at {
		header, rule = append(header, fmt.Sprintf("throughput, %d at once", n)), append(rule, "---")
	}
	header = append(header, fmt.Sprintf("p99 ÷ median at %d", busy), "CPU server + database", "allocations")
	rule = append(rule, "---", "---", "---")
	row(w, header)
	row(w, rule)
	base := "limit"
	if by[busy][base] == nil {
		base = "ours"
	}
	for _, name := range contenders {
		if by[busy][name] == nil {
			continue
		}
		cells := []string{name}
		for _, n := range at {
			cells = append(cells, ratios(by[n][name], by[n][base], func(s sample) float64 { return s.Rate }).String())
		}
		own := by[busy][name]
		tail := spread(own, func(s sample) float64 { return float64(s.P99) / float64(s.Median) })
		all := middle(by[busy][base], func(s sample) float64 { return float64(s.Server + s.Database) })
		cells = append(cells, tail.String(), fmt.Sprintf("%.2f + %.2f (%s)", middle(own, func(s sample) float64 { return float64(s.Server) })/all,
			middle(own, func(s sample) float64 { return float64(s.Database) })/all, time.Duration(middle(own, func(s sample) float64 { return float64(s.Server + s.Database) })).Round(10*time.Microsecond)))
		if allocations := middle(own, func(s sample) float64 { return s.Allocations }); allocations > 0 {
			cells = append(cells, fmt.Sprintf("%.0f", allocations))
		} else {
			cells = append(cells, "–")
		}
		row(w, cells)
	}
	for _, peer := range contenders {
		if !strings.HasPrefix(peer, "PostGraphile") || by[busy][peer] == nil {
			continue
		}
		cells := []string{"**ours ÷ " + peer + "**"}
		for _, n := range at {
			cells = append(cells, "**"+ratios(by[n]["ours"], by[n][peer], func(s sample) float64 { return s.Rate }).String()+"**")
		}
		row(w, append(cells, "", "", ""))
	}
	_ = q
}

// growth tells how our times grow with the data, one asking at a time.
func growth(w io.Writer, r *results) {
	pairs := []struct{ more, less, about string }{
		{"Q3-deep", "Q3", "page 1,000 of a customer's invoices against page 1"},
		{"Q5-deep", "Q5", "page 1,000 of all invoices against page 1"},
		{"Q2", "Q2-small", "50 customers of a partner with 500 against those of one with 50"},
	}
	first := true
	for _, p := range pairs {
		more, less := quietest(r.Samples[p.more]), quietest(r.Samples[p.less])
		if more == nil || less == nil {
			continue
		}
		if first {
			fmt.Fprint(w, "\n### Growth: the time of an answer, one asking at a time\n\n")
			row(w, []string{"", "ours", "limit"})
			row(w, []string{"---", "---", "---"})
			first = false
		}
		cells := []string{p.about}
		for _, name := range []string{"ours", "limit"} {
			cell := "–"
			if more[name] != nil {
				cell = ratios(more[name], less[name], func(s sample) float64 { return float64(s.Median) }).String()
			}
			cells = append(cells, cell)
		}
		row(w, cells)
	}
}

// quietest returns the samples with the fewest asking at once.
func quietest(by map[int]map[string][]sample) map[string][]sample {
	least := -1
	for n := range by {
		if least < 0 || n < least {
			least = n
		}
	}
	return by[least]
}

func row(w io.Writer, cells []string) { fmt.Fprintf(w, "| %s |\n", strings.Join(cells, " | ")) }

// figure is the middle, lowest and highest of what the rounds gave.
type figure struct{ middle, low, high float64 }

func (f figure) String() string { return fmt.Sprintf("%.2f (%.2f–%.2f)", f.middle, f.low, f.high) }

// ratios compares round by round, so that what the machine did meanwhile touches both.
func ratios(of, to []sample, get func(sample) float64) figure {
	var all []float64
	for i := range min(len(of), len(to)) {
		all = append(all, get(of[i])/get(to[i]))
	}
	return summary(all)
}

func spread(of []sample, get func(sample) float64) figure {
	var all []float64
	for _, s := range of {
		all = append(all, get(s))
	}
	return summary(all)
}

func middle(of []sample, get func(sample) float64) float64 { return spread(of, get).middle }

func summary(all []float64) figure {
	if len(all) == 0 {
		return figure{}
	}
	slices.Sort(all)
	n := len(all)
	return figure{(all[n/2] + all[(n-1)/2]) / 2, all[0], all[n-1]}
}
