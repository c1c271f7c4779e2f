package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"klantenpaneel/internal/billing"
	"klantenpaneel/internal/gqlhttp"
	"klantenpaneel/internal/jobs"
	"klantenpaneel/internal/mailer"
	"klantenpaneel/internal/notify"
)

type serveCommand struct {
	NoMigrate bool   `help:"Do not bring the database up to date first."`
	NoSeed    bool   `help:"Leave an empty database of a sandbox empty."`
	NoJobs    bool   `help:"Only answer requests: another server on the same database does the daily work."`
	Profile   string `placeholder:"ADDRESS" help:"Serve profiles of this process there, such as 127.0.0.1:6060, to whoever can reach it."`
}

// tuneMemory trades memory for speed: requests make many small objects that die at once, so the collector may wait until the heap
// is five times what lives, as long as all of it stays below a gigabyte. GOGC and GOMEMLIMIT still have the last word.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(1 << 30)
	}
}

// grace is how long requests may take to finish once the server is told to stop.
const grace = 20 * time.Second

// Run serves until it is told to stop.
func (c *serveCommand) Run(ctx context.Context) (err error) {
	tuneMemory()
	a, err := open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if !c.NoMigrate {
		if err := a.migrate(ctx); err != nil {
			return err
		}
	}
	if err := c.fill(ctx, a); err != nil {
		return err
	}
	stopTracing, err := traceTo(ctx, a.config.OTLPEndpoint)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stopTracing(context.WithoutCancel(ctx))) }()

	background, stopBackground := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	defer running.Wait()
	defer stopBackground()
	listener := a.db.Listen("panel_event")
	running.Go(func() { listener.Run(background) })
	if !c.NoJobs {
		work, failed := startJobs(background, a)
		if failed != nil {
			return failed
		}
		defer func() {
			ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
			defer cancel()
			err = errors.Join(err, work.Stop(ending))
		}()
	}
	sender, err := mailSender(a)
	if err != nil {
		return err
	}
	running.Go(func() { sender.Run(background) })

	if c.Profile != "" {
		stop, err := serveProfiles(c.Profile)
		if err != nil {
			return err
		}
		defer stop()
	}
	documents, err := trustedDocuments(a.config.TrustedDir)
	if err != nil {
		return err
	}
	streams := make(chan struct{}) // closed when streams have to end
	server := gqlhttp.NewServer(routes(a, documents, listener, streams), a.log)
	socket, err := net.Listen("tcp", a.config.Listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", a.config.Listen, err)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(socket) }()
	a.log.InfoContext(ctx, "serving", "address", a.config.PublicURL, "mode", a.config.Mode)
	if a.config.Sandbox() {
		printAddresses(os.Stdout, a.config)
	}
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	a.log.InfoContext(ctx, "stopping")
	close(streams)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return server.Shutdown(ending)
}

// mailSender returns what delivers mail: to SMTP_URL, else to the mailbox page of the sandbox.
func mailSender(a *app) (*notify.Sender, error) {
	host := hostOf(a.config.PublicURL)
	s := &notify.Sender{DB: a.db, Key: a.key, Host: host, Log: a.log}
	if a.config.SMTPURL != "" {
		smtp, err := mailer.New(a.config.SMTPURL, host)
		if err != nil {
			return nil, fmt.Errorf("SMTP_URL is of no use: %w", err)
		}
		s.Mail = smtp
	}
	return s, nil
}

// startJobs lets the billing engine do each day's work, and sweeps up behind the logins.
func startJobs(ctx context.Context, a *app) (*jobs.Jobs, error) {
	engine := billing.New(a.db)
	engine.Log = a.log
	return jobs.Start(ctx, a.url, jobs.Work{Now: time.Now, Daily: engine.Daily, Done: engine.Done, Sweep: a.gate.Sweep, Log: a.log})
}
