package gqlhttp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// extensionDocumentID is where decode leaves the parameter documentId, which gqlgen has no place for.
const extensionDocumentID = "documentId"

// persisted finds the text of an operation that is named by its hash or id: one of the registered documents, or one
// that a client sent before (automatic persisted queries). Where only trusted documents may run it refuses the rest.
type persisted struct {
	registered  map[string]string
	trustedOnly func(context.Context) bool
	sent        *byteCache[string] // by hash; only documents that passed validation
}

func newPersisted(opts Options) *persisted {
	p := &persisted{registered: map[string]string{}, trustedOnly: opts.TrustedOnly, sent: newTextCache(opts.Limits.PersistedBytes)}
	for id, text := range opts.Documents {
		p.registered[id] = text
		p.registered[hashed(text)] = text // so that the text itself is known, too
	}
	return p
}

func (*persisted) ExtensionName() string                   { return "PersistedDocuments" }
func (*persisted) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters puts the text in place of the name.
func (p *persisted) MutateOperationParameters(ctx context.Context, params *graphql.RawParams) *gqlerror.Error {
	id, hash, refusal := named(params.Extensions)
	if refusal != nil {
		return refusal
	}
	if hash != "" && params.Query != "" && hashed(params.Query) != hash {
		return failure(codeHashMismatch, "The hash is not that of the query.")
	}
	if p.trustedOnly != nil && p.trustedOnly(ctx) {
		return p.trusted(params, id, hash)
	}
	if params.Query != "" {
		return nil
	}
	for _, name := range []string{id, hash} {
		if text, ok := p.registered[name]; ok && name != "" {
			params.Query = text
			return nil
		}
	}
	if text, ok := p.sent.Get(ctx, hash); ok && hash != "" {
		params.Query = text
		return nil
	}
	return failure(codeNotPersisted, "PersistedQueryNotFound") // clients compare this very text
}

// trusted accepts a registered document only, named by id or hash or sent whole.
func (p *persisted) trusted(params *graphql.RawParams, id, hash string) *gqlerror.Error {
	name := id
	switch {
	case params.Query != "":
		name = hashed(params.Query)
	case name == "":
		name = hash
	}
	text, ok := p.registered[name]
	if !ok {
		return failure(codeNotTrusted, "Only registered operations may run here.")
	}
	params.Query = text
	return nil
}

// MutateOperationContext remembers the text, now that it has passed validation, if the client sent its hash along.
func (p *persisted) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	if _, hash, _ := named(operation.Extensions); hash != "" {
		if _, known := p.sent.Get(ctx, hash); !known && p.registered[hash] == "" {
			p.sent.Add(ctx, hash, operation.RawQuery)
		}
	}
	return nil
}

// named returns the id and the sha256 (lower-case hex) by which the extensions name a document.
func named(extensions map[string]any) (id, hash string, refusal *gqlerror.Error) {
	id, _ = extensions[extensionDocumentID].(string)
	if digits, ok := strings.CutPrefix(id, "sha256:"); ok {
		id, hash = "", digits
	}
	switch query := extensions["persistedQuery"].(type) {
	case nil:
	case map[string]any:
		hash, _ = query["sha256Hash"].(string)
	default:
		hash = "-"
	}
	if hash != "" {
		if raw, err := hex.DecodeString(hash); err != nil || len(raw) != sha256.Size {
			return "", "", failure(codeBadRequest, "The document's hash must be a sha256 in hex.")
		}
	}
	return id, strings.ToLower(hash), nil
}

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
