package redisstore_test

import (
	"maps"
	"strings"
	"testing"
	"time"
)

func TestShelfKeepsParcelsSealedAndShortly(t *testing.T) {
	store, server := embedded(t)
	for name, parcel := range map[string]string{"1": "help 7001", "2": "quiz 7002"} {
		if err := store.Shelve(t.Context(), "telegram:1", name, []byte(parcel)); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Unshelve(t.Context(), "telegram:1", "1"); err != nil {
		t.Fatal(err)
	}
	if dump := server.Dump(); strings.Contains(dump, "700") || strings.Contains(dump, "telegram") {
		t.Errorf("the shelf can be read:\n%s", dump)
	}
	left := func(owner string) []string {
		parcels, err := store.Shelved(t.Context(), owner)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for parcel := range maps.Values(parcels) {
			all = append(all, string(parcel))
		}
		return all
	}
	if got := left("telegram:1"); len(got) != 1 || got[0] != "quiz 7002" {
		t.Errorf("on the shelf are %q, want the second parcel", got)
	}
	if got := left("telegram:2"); len(got) != 0 {
		t.Errorf("another bot finds %q", got)
	}
	server.FastForward(5 * time.Minute)
	if got := left("telegram:1"); len(got) != 0 {
		t.Errorf("after five minutes there are still %q", got)
	}
}
