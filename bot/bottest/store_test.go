package bottest_test

import (
	"testing"

	"notalone/bot"
	"notalone/bot/bottest"
)

func TestMemoryStore(t *testing.T) {
	bottest.RunStoreTests(t, func(*testing.T) bot.Store { return bottest.NewStore() })
}
