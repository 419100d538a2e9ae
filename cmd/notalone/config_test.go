package main

import (
	"context"
	"errors"
	"testing"
)

// TestALogLevelThatIsNone names the variable, what may stand there, and no value.
func TestALogLevelThatIsNone(t *testing.T) {
	_, err := readConfig([]string{"LOG_LEVEL=loud"})
	want := errUsage.Error() + ": LOG_LEVEL: must be one of debug, info, warn, error"
	if !errors.Is(err, errUsage) || err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

func TestChatInALanguageThatIsNone(t *testing.T) {
	for _, chat := range []chatCmd{{Lang: "xx"}, {Lang: "en", Country: "nowhere"}, {Lang: ""}} {
		if err := chat.Run(context.Background()); !errors.Is(err, errUsage) {
			t.Errorf("%+v: got %v, want it refused as usage", chat, err)
		}
	}
}
