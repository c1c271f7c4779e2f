package subscription

import (
	"context"
	"fmt"

	"klantenpaneel/internal/civil"
	"klantenpaneel/internal/pg"
	"klantenpaneel/internal/problem"
	"klantenpaneel/internal/term"
)

// longestSwitch is how many months after asking a switch may be complete at the latest.
const longestSwitch = 7

// ExtendSwitch gives the customer more time to switch to another provider, once (rules 3.8). The service runs until that day
// and is owed until then. The caller has locked the account, and replans.
func (c *Case) ExtendSwitch(ctx context.Context, tx *pg.Tx, x *Cancellation, until civil.Date) error {
	if err := c.switching(x, tx); err != nil {
		return err
	}
	most := civil.In(x.ReceivedAt).AddMonths(longestSwitch)
	switch {
	case x.SwitchExtendedAt != nil:
		return problem.New(problem.Conflict, problem.Text{NL: "De overstap is al eens verlengd.", EN: "The switch was extended before."})
	case !until.After(x.EffectiveOn) || until.After(most):
		return problem.New(problem.Invalid, problem.Text{NL: "Kies een dag na %s, tot en met %s.", EN: "Choose a day after %s, until %s."}, x.EffectiveOn.Short(), most.Short()).At("input", "until")
	}
	end, err := c.end(term.Cancellation{Mode: term.Switch, ReceivedAt: x.ReceivedAt, ExtendedTo: until})
	if err != nil {
		return err
	}
	x.SwitchExtendedAt = &tx.Now
	c.schedule(x, end)
	if x.Status == CancellationConfirmed {
		if _, err := tx.NewRaw(`update subscription set ends_on = ? where id = ?`, x.EffectiveOn, c.Service.ID).Exec(ctx); err != nil {
			return fmt.Errorf("extend a switch: %w", err)
		}
		c.Service.EndsOn = x.EffectiveOn
	}
	return c.move(ctx, tx, x, x.Status, "extended")
}

// CompleteSwitch ends the service today, because the customer reports that the switch is done (2.10). Its data can still be
// fetched for the time that the law gives. The caller has locked the account, credits what is owed no more, and replans.
func (c *Case) CompleteSwitch(ctx context.Context, tx *pg.Tx, x *Cancellation) error {
	if err := c.switching(x, tx); err != nil {
		return err
	}
	end, err := c.end(term.Cancellation{Mode: term.Switch, ReceivedAt: x.ReceivedAt, CompletedOn: tx.Today()})
	if err != nil {
		return err
	}
	c.schedule(x, end)
	if err := c.move(ctx, tx, x, x.Status, "completed"); err != nil {
		return err
	}
	if x.Status != CancellationConfirmed {
		if err := c.confirm(ctx, tx, x); err != nil {
			return err
		}
	}
	x.Status = CancellationExecuted
	return End(ctx, tx, c.Book, c.Service, x.EffectiveOn, EndSwitched)
}

// switching returns a problem unless the cancellation is a switch that goes on.
func (c *Case) switching(x *Cancellation, tx *pg.Tx) error {
	if x.Mode != string(term.Switch) {
		return problem.New(problem.Conflict, problem.Text{NL: "Dit is geen overstap naar een andere provider.", EN: "This is no switch to another provider."})
	}
	if x.Status == CancellationAwaiting || !x.Undecided() && x.Status != CancellationConfirmed || !x.EffectiveOn.After(tx.Today()) {
		return dealtWith(x)
	}
	return nil
}
