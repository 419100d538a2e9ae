# Everything a contributor needs; `make help` lists it.
GO ?= go
TOOLS = cd .ci/tools && $(GO) tool -n

.PHONY: help run chat test check safety lint bench fuzz transcripts conversations picture build

help: ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

chat: ## Talk to the bot in the terminal.
	$(GO) run ./cmd/notalone chat

run: ## Run the bot with the settings of the environment.
	$(GO) run ./cmd/notalone

build: ## Build the binary into dist/.
	CGO_ENABLED=0 $(GO) build -trimpath -o dist/notalone ./cmd/notalone

test: ## Run all tests with the race detector.
	$(GO) test -race -timeout 15m ./...

check: ## Check all content and words.
	$(GO) run ./cmd/notalone check

safety: ## Run the tests of docs/safety.md.
	$(GO) test ./cmd/notalone ./flows/... ./bot/redisstore -run 'Criterion|Distress|Rule|Trap|Unverified|Expires|Damaged|SelfHarm|Imports|Transcripts'

lint: ## Format, vet and lint.
	$(GO) vet ./...
	@out="$$($$($(TOOLS) gofumpt) -l . )"; if [ -n "$$out" ]; then echo "gofumpt: $$out"; exit 1; fi
	$$($(TOOLS) golangci-lint) run ./...

bench: ## Print the table of docs/performance.md.
	$(GO) test -run '^$$' -bench . -benchmem ./flows/... ./bot/... ./cmd/...

fuzz: ## Run every fuzz target for half a minute.
	.ci/fuzz 30s

transcripts: ## Rewrite the golden conversations; review the diff.
	$(GO) test ./cmd/notalone -run Transcripts -update

conversations: transcripts ## Rewrite docs/conversations from the golden conversations.
	@mkdir -p docs/conversations
	@for lang in vi id en; do $(GO) run ./cmd/notalone print cmd/notalone/testdata/transcripts/$$lang-*.txt > docs/conversations/$$lang.md; done

picture: ## Draw the README's picture from a real conversation.
	$(GO) run ./cmd/notalone picture cmd/notalone/testdata/transcripts/vi-threat.txt > docs/conversation.svg
