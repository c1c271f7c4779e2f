package gqlhttp

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"klantenpaneel/internal/problem"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func TestWhatTheClientSeesOfAnError(t *testing.T) {
	dutch := func(ctx context.Context) string { return callerOf(ctx) }
	for _, test := range []struct {
		name, document, language string
		code, message            string
		hidden, logged           string
	}{
		{"a problem, in English", "{ refused }", "en", "FORBIDDEN", "You may not do this.", "reading:", ""},
		{"a problem, in Dutch", "{ refused }", "nl", "FORBIDDEN", "U mag dit niet.", "reading:", ""},
		{"a fault, in English", "{ fails }", "en", codeInternal, "Something went wrong on our side.", "the secret of fails", "pq: the secret of fails"},
		{"a fault, in Dutch", "{ fails }", "nl", codeInternal, "Er ging iets mis bij ons.", "the secret of fails", "pq: the secret of fails"},
		{"a panic", "{ panics }", "en", codeInternal, "Something went wrong", "the secret of panics", "schema.resolvers.go"},
		{"a panic below a list", "{ item { tags { word } } panics }", "en", codeInternal, "Something went wrong", "the secret of panics", "panic: the secret of panics"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := serveAPI(t, Options{Language: dutch})
			got := a.query(t, test.document, nil, "Test-Caller", test.language, "X-Request-Id", "request-0001")
			if got.status != 200 || got.code() != test.code || !strings.HasPrefix(got.Errors[0].Message, test.message) {
				t.Fatalf("answered %d %s", got.status, got.body)
			}
			if strings.Contains(got.body, test.hidden) || strings.Contains(got.body, "goroutine") {
				t.Errorf("the client sees %s", got.body)
			}
			if len(got.Errors[0].Path) == 0 {
				t.Errorf("the error has no path: %s", got.body)
			}
			if test.logged == "" {
				if strings.Contains(a.log.String(), "level=ERROR") {
					t.Errorf("a problem is logged as a fault: %s", a.log)
				}
				return
			}
			if !strings.Contains(a.log.String(), test.logged) || !strings.Contains(a.log.String(), "request-0001") {
				t.Errorf("the log lacks %q: %s", test.logged, a.log)
			}
			if got.Errors[0].Extensions["requestId"] != "request-0001" || !strings.Contains(got.Errors[0].Message, "request-0001") {
				t.Errorf("the client cannot tell us which request it was: %s", got.body)
			}
		})
	}
}

func TestAProblemNamesTheInputAtFault(t *testing.T) {
	a := serveAPI(t, Options{})
	got := a.query(t, "{ refused }", nil)
	if path := fmt.Sprint(got.Errors[0].Extensions["inputPath"]); path != "[input name]" {
		t.Errorf("the input path is %s", path)
	}
}

func TestUserErrorsAreData(t *testing.T) {
	a := serveAPI(t, Options{})
	got := a.query(t, `mutation { itemRename(input: {id: "other", name: "x"}) { item { id } errors { __typename ... on UserError { message } } } }`, nil)
	payload, _ := got.Data["itemRename"].(map[string]any)
	if len(got.Errors) > 0 || payload["item"] != nil || fmt.Sprint(payload["errors"]) != "[map[__typename:NotFoundError message:There is no such item.]]" {
		t.Errorf("answered %s", got.body)
	}
}

func TestOnlyAllowedCodesReachTheClient(t *testing.T) {
	log := &logText{}
	h := newHandler(testSchema(), Options{Codes: []string{"ALLOWED"}, Logger: logger(log)})
	present := presenter{codes: allowed(h.opts.Codes), language: h.opts.Language, logger: h.opts.Logger}
	withCode := func(code string) error {
		return &gqlerror.Error{Message: "the text", Extensions: map[string]any{"code": code}}
	}
	for _, test := range []struct {
		name  string
		err   error
		code  string
		shown bool
	}{
		{"an error of Go", errors.New("the text"), codeInternal, false},
		{"an error of gqlgen without a code", gqlerror.Errorf("the text"), codeInternal, false},
		{"a code that nobody allowed", withCode("POSTGRES"), codeInternal, false},
		{"a code that the caller allowed", withCode("ALLOWED"), "ALLOWED", true},
		{"a code of ours", withCode(codeValidation), codeValidation, true},
		{"INTERNAL with a text of its own", withCode(codeInternal), codeInternal, false},
		{"a wrapped problem", fmt.Errorf("secret: %w", problem.New("EXPIRED", problem.Text{EN: "the text"})), "EXPIRED", true},
		{"several errors joined", errors.Join(errors.New("secret"), problem.New("EXPIRED", problem.Text{EN: "the text"})), "EXPIRED", true},
		{"a deadline of something else", fmt.Errorf("the text: %w", context.DeadlineExceeded), codeInternal, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx := graphql.WithOperationContext(context.Background(), &graphql.OperationContext{})
			got := present.present(ctx, test.err)
			if got.Extensions["code"] != test.code || (got.Message == "the text") != test.shown || strings.Contains(got.Message, "secret") {
				t.Errorf("shown as %v %q", got.Extensions, got.Message)
			}
		})
	}
}

func TestAnArgumentThatCannotBeReadIsTheCallersMistake(t *testing.T) {
	h := presenter{codes: allowed(nil), language: func(context.Context) string { return "en" }, logger: logger(&logText{})}
	ctx := graphql.WithPathContext(context.Background(), graphql.NewPathWithField("echo"))
	deeper := graphql.WithPathContext(ctx, graphql.NewPathWithField("on"))
	below := graphql.ErrorOnPath(deeper, errors.New(`parsing time "secret"`))
	if got := h.present(ctx, below); got.Extensions["code"] != "INVALID" || strings.Contains(got.Message, "secret") || got.Path.String() != "echo.on" {
		t.Errorf("shown as %v %q at %s", got.Extensions, got.Message, got.Path)
	}
	at := graphql.ErrorOnPath(ctx, errors.New("secret"))
	if got := h.present(ctx, at); got.Extensions["code"] != codeInternal {
		t.Errorf("the field's own error is shown as %v", got.Extensions)
	}
}

func TestAnOperationEndsAfterItsTime(t *testing.T) {
	a := serveAPI(t, Options{Timeout: 20 * time.Millisecond})
	got := a.query(t, "{ slow(milliseconds: 60000) }", nil)
	if got.code() != codeTimeout || strings.Contains(got.body, "deadline") {
		t.Errorf("answered %d %s", got.status, got.body)
	}
	if strings.Contains(a.log.String(), "level=ERROR") {
		t.Errorf("logged as a fault: %s", a.log)
	}
}

func TestAClientThatLeavesEndsItsOperation(t *testing.T) {
	a := serveAPI(t, Options{})
	ctx, leave := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		sendUntil(ctx, a, operation(t, "{ slow(milliseconds: 60000) }", nil))
	}()
	eventually(t, "the operation runs", func() bool { return a.resolver.Slowing.Load() == 1 })
	leave()
	<-done
	eventually(t, "the request ends", func() bool { return strings.Contains(a.log.String(), "HTTP request") })
	if a.resolver.Slowing.Load() != 0 {
		t.Error("the operation goes on")
	}
	if strings.Contains(a.log.String(), "level=ERROR") {
		t.Errorf("logged as a fault: %s", a.log)
	}
}

func TestAPanicOutsideOfResolversIsAnswered(t *testing.T) {
	a := serveAPI(t, Options{Extensions: []graphql.HandlerExtension{panicky{}}})
	got := a.query(t, "{ caller }", nil)
	if got.status != 500 || got.code() != codeInternal || strings.Contains(got.body, "the secret") || !strings.Contains(a.log.String(), "the secret of panicky") {
		t.Errorf("answered %d %s; log %s", got.status, got.body, a.log)
	}
	if got := a.query(t, "{ caller }", nil, "Accept", mediaEvents); !strings.Contains(got.body, codeInternal) || strings.Contains(got.body, "the secret") {
		t.Errorf("answered %d %s", got.status, got.body)
	}
}

// panicky panics where gqlgen does not recover.
type panicky struct{}

func (panicky) ExtensionName() string                   { return "Panicky" }
func (panicky) Validate(graphql.ExecutableSchema) error { return nil }
func (panicky) InterceptOperation(context.Context, graphql.OperationHandler) graphql.ResponseHandler {
	panic("the secret of panicky")
}

func TestLongMessagesAreClippedAtARune(t *testing.T) {
	for _, text := range []string{"short", strings.Repeat("x", longestMessage), strings.Repeat("é", longestMessage), strings.Repeat("🙂", longestMessage)} {
		got := clip(text)
		if len(got) > longestMessage+len("…") || !slices.Contains([]string{text}, got) && !strings.HasPrefix(text, strings.TrimSuffix(got, "…")) {
			t.Errorf("%d bytes become %q", len(text), got)
		}
	}
}
