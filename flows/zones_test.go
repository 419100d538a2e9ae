package flows

import (
	"testing"
	"time"
	_ "time/tzdata"
)

func TestEveryZoneIsInTheZoneData(t *testing.T) {
	codes, cities := map[string]bool{}, map[string]bool{}
	for _, land := range lands {
		if codes[land.code] || len(land.zones) == 0 {
			t.Errorf("%s stands twice or has no zone", land.code)
		}
		codes[land.code] = true
		for _, zone := range land.zones {
			if _, err := time.LoadLocation(zone); err != nil {
				t.Errorf("%s: %v", land.code, err)
			}
			path, err := ParsePath("setup/practice/on/" + zonePart(zone))
			if err != nil || zoneOf(path.Parts()[3]) != zone || landWith(zone).code != land.code {
				t.Errorf("%s does not come back from a path", zone)
			}
			if cities[city(zone)] {
				t.Errorf("two zones are called %q", city(zone))
			}
			cities[city(zone)] = true
		}
	}
}

// A zone that is taken unasked may be wrong by an hour or two, but the hour that
// a plan begins with must be day everywhere in the country, all the year round.
func TestAZoneTakenUnaskedIsNeverNight(t *testing.T) {
	for _, land := range lands {
		start := land.start()
		if start == "" {
			continue
		}
		taken := Feed{Zone: start, Quiz: Plan{Days: 127, Minute: schoolMinute}}
		for _, zone := range land.zones {
			real := Feed{Zone: zone}
			due := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			for range 366 {
				if due = taken.Next(DueQuiz, due); real.Quiet(due) {
					t.Errorf("%s: %s in %s is night in %s", land.code, due, start, zone)
				}
			}
		}
	}
}
