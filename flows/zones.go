package flows

import (
	"slices"
	"strings"
)

// A land is a country with its time zones, the one most people live in first.
type land struct {
	code  string
	wide  bool // the zones lie so far apart that none may be taken unasked
	zones []string
}

// lands are the countries that a place can be in, the near ones first.
var lands = []land{
	{code: "VN", zones: []string{"Asia/Ho_Chi_Minh"}},
	{code: "ID", zones: []string{"Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"}},
	{code: "TH", zones: []string{"Asia/Bangkok"}},
	{code: "MY", zones: []string{"Asia/Kuala_Lumpur"}},
	{code: "PH", zones: []string{"Asia/Manila"}},
	{code: "SG", zones: []string{"Asia/Singapore"}},
	{code: "KH", zones: []string{"Asia/Phnom_Penh"}},
	{code: "LA", zones: []string{"Asia/Vientiane"}},
	{code: "MM", zones: []string{"Asia/Yangon"}},
	{code: "BN", zones: []string{"Asia/Brunei"}},
	{code: "TL", zones: []string{"Asia/Dili"}},
	{code: "IN", zones: []string{"Asia/Kolkata"}},
	{code: "JP", zones: []string{"Asia/Tokyo"}},
	{code: "KR", zones: []string{"Asia/Seoul"}},
	{code: "TW", zones: []string{"Asia/Taipei"}},
	{code: "HK", zones: []string{"Asia/Hong_Kong"}},
	{code: "AU", wide: true, zones: []string{"Australia/Sydney", "Australia/Brisbane", "Australia/Adelaide", "Australia/Darwin", "Australia/Perth"}},
	{code: "NZ", zones: []string{"Pacific/Auckland"}},
	{code: "GB", zones: []string{"Europe/London"}},
	{code: "DE", zones: []string{"Europe/Berlin"}},
	{code: "FR", zones: []string{"Europe/Paris"}},
	{code: "EU", wide: true, zones: []string{"Europe/Brussels", "Europe/Athens", "Europe/Lisbon"}},
	{code: "US", wide: true, zones: []string{
		"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu",
	}},
	{code: "CA", wide: true, zones: []string{
		"America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg", "America/Halifax", "America/St_Johns",
	}},
}

// KnownCountry reports whether groups and people can be in a country.
func KnownCountry(code string) bool { return landOf(code) != nil }

// landOf finds a country by code.
func landOf(code string) *land {
	for i := range lands {
		if lands[i].code == code {
			return &lands[i]
		}
	}
	return nil
}

// landWith finds the country of a zone; nil for a zone that is not offered.
func landWith(zone string) *land {
	for i := range lands {
		if slices.Contains(lands[i].zones, zone) {
			return &lands[i]
		}
	}
	return nil
}

// start is the zone to begin with; empty where the person has to be asked.
func (l *land) start() string {
	if l == nil || l.wide {
		return ""
	}
	return l.zones[0]
}

// zonePart writes a zone as one part of a path; zoneOf reads it back.
func zonePart(zone string) string { return strings.ReplaceAll(zone, "/", ".") }
func zoneOf(part string) string   { return strings.ReplaceAll(part, ".", "/") }

// city is a zone's name as people know it: "Ho Chi Minh".
func city(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndexByte(zone, '/')+1:], "_", " ")
}
