# Two commands do everything: make run, make test. They install what they need.

SHELL := /bin/bash
.DEFAULT_GOAL := help
WEB_SOURCES := $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/__generated__/*' -not -name env.d.ts -not -name cache-types.json 2>/dev/null)

.PHONY: help run test test-go test-web test-api lint generate build logins bench clean

help: ## Show what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## Serve panel, API and playground with demo data on a private PostgreSQL
	@scripts/need.sh go postgres
	@scripts/need.sh node && $(MAKE) -s web/dist/index.html || echo "Without Node.js the pages are a stub; the API works."
	@go build -o bin/klantenpaneel .
	@exec bin/klantenpaneel serve

test: lint test-go test-web test-api ## Run all tests

test-go: ## Run the tests in Go, on a real PostgreSQL
	@scripts/need.sh go postgres
	go test -timeout 20m ./...

test-web: web/node_modules/.stamp ## Run the tests of the pages
	@scripts/need.sh node
	cd web && npm run -s lint && npm test

test-api: web/dist/index.html test/lint/node_modules/.stamp test/clients/node_modules/.stamp ## Hold the contract and a running server against the tools and clients of others
	@scripts/need.sh go postgres node chromium
	npm --prefix test/lint test
	scripts/test-api.sh

lint: ## Check what machines can check
	@scripts/need.sh go
	@test -z "$$(gofmt -l $$(git ls-files '*.go' | grep -v '/exec/'))" || { gofmt -l $$(git ls-files '*.go'); echo 'not gofmt-clean'; exit 1; }
	go vet ./...

generate: ## Make the generated code and schema.graphql anew
	go generate ./...

build: web/dist/index.html ## Build the one binary, with the pages in it
	go build -trimpath -o bin/klantenpaneel .

logins: ## Show who can sign in to the demo
	@sed -n '/^|/p' docs/demo.md

bench: ## Measure ours beside its peers
	@scripts/need.sh go postgres node
	go run ./bench

clean: ## Throw away what was built, and the demo's data
	rm -rf bin web/dist .data

%/node_modules/.stamp: %/package-lock.json
	@scripts/need.sh node
	cd $* && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.stamp schema.graphql $(WEB_SOURCES)
	cd web && npm run -s build
	@touch $@
