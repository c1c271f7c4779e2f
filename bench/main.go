// Bench measures the server beside its peers, all on the same rows of one private PostgreSQL: PostGraphile 5, and the limit,
// a handler written by hand that sends one SQL statement for each question and copies what comes back. It checks that all
// give the same answer, asks them in turns, and prints ratios: absolute times say more about the machine than about us.
//
//	go run ./bench            # 20,000 customers, about ten minutes
//	go run ./bench --quick    # 2,000 customers, seconds: does it still work?
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

type commands struct {
	Run   runCommand   `cmd:"" default:"withargs" help:"Measure."`
	Limit limitCommand `cmd:"" hidden:"" help:"Be the limit."`
}

type runCommand struct {
	Customers int           `default:"20000" help:"How many customers the provider has, at least 1000; 100000 for the big one."`
	Rounds    int           `default:"5" help:"How often each is asked each question."`
	Time      time.Duration `default:"1500ms" help:"How long, each time."`
	Quick     bool          `help:"A run of seconds, to see that all works; its figures mean nothing."`
	Only      []string      `help:"Only these questions, by name."`
	At        []int         `default:"1,16,64" help:"How many ask at once."`
	NoPeer    bool          `help:"Leave PostGraphile out; nothing is installed then."`
	Cluster   int           `help:"Measure PostGraphile in so many processes too."`
	Server    string        `help:"Measure this program in place of the one built from here."`
	Profile   string        `help:"Write CPU profiles of the server, one for each question, to this folder, and measure nothing."`
	Out       string        `default:"bench/out" help:"Where the data and the results are kept."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c commands
	parsed := kong.Parse(&c, kong.Name("bench"), kong.UsageOnError(), kong.BindTo(ctx, (*context.Context)(nil)))
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// say tells what is going on. Results go to standard output, this does not.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }
