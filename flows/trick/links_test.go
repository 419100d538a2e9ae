package trick

import (
	"slices"
	"strings"
	"testing"
)

func TestLinks(t *testing.T) {
	r := load(t)
	for name, tc := range map[string]struct {
		text string
		want []string
	}{
		"a name in another's address":        {"vietcombank-xacminh.example", []string{"link"}},
		"as a part of the host":              {"https://apple.com.signin-check.example/now", []string{"link"}},
		"look-alike figures":                 {"techc0mbank.example", []string{"link"}},
		"look-alike letters":                 {"https://instagrarn-help.example", []string{"link"}},
		"letters of another script":          {"https://p\u0430ypal.example", []string{"link"}},
		"punycode":                           {"http://xn--pypal-4ve.example/x", []string{"link"}},
		"one letter wrong":                   {"http://steamcomunity.example", []string{"link"}},
		"a number for an address":            {"http://103.20.11.8/chuanhoa", []string{"link"}},
		"something before an @":              {"https://google.com@acc-check.example", []string{"link"}},
		"an office's ending inside":          {"dichvucong-gov.example", []string{"link"}},
		"disguised dots":                     {"hxxps://dlscord-nitro[.]example/gift", []string{"link"}},
		"a short name dressed up":            {"dana-kaget.example", []string{"link"}},
		"a short name inside another":        {"danautoba.example", nil},
		"a short name glued to a word of it": {"momoqua.example", []string{"link"}},
		"a shortener":                        {"https://bit.ly.example/3xQa9", []string{"short"}},
		"an odd ending":                      {"toll-pay.top.example/x", []string{"short"}},
		"a file to install":                  {"http://files.example/a/foto.apk", []string{"app"}},
		"a file by name":                     {"Surat-Undangan.apk", []string{"app"}},
		"glued to a word":                    {"xem:http://faceb00k.example/a", []string{"link"}},
		"in brackets and with a stop":        {"(see roblox-rewards.example).", []string{"link"}},
		"an ordinary shop":                   {"https://bluekite-shop.example/orders/71", nil},
		"an e-mail address":                  {"write to paypal@helpers.example", nil},
		"a missing space":                    {"Rusak.Tolong beli. Ok.di rumah", nil},
		"a figure with stops":                {"Rp 1.500.000 jam 19.30", nil},
		"a date":                             {"6/12/2026 v1.2.3", nil},
	} {
		_, got := r.links.cut(tc.text)
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q shows %v, want %v", name, tc.text, got, tc.want)
		}
	}
}

// TestOwnAddressesImitateNobody: every address of a brand is its own, and the same
// name under another ending is not.
func TestOwnAddressesImitateNobody(t *testing.T) {
	r := load(t)
	for name, own := range r.links.Brands {
		for _, address := range own {
			for _, host := range []string{address, "www." + address} {
				if r.links.imitated(host) {
					t.Errorf("%s: its own %s is taken for an imitation", name, host)
				}
			}
		}
		if !r.links.imitated(name + ".example") {
			t.Errorf("%s.example is not taken for an imitation", name)
		}
	}
}

func TestTheLinkItselfIsNotRead(t *testing.T) {
	rest, _ := load(t).links.cut("tap https://free-prize-code.example/otp now")
	if strings.Contains(rest, "prize") || !strings.Contains(rest, anyLink) {
		t.Errorf("left to read: %q", rest)
	}
}

func TestNearly(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"facebook", "facebok", true}, //nolint:misspell // that is the point
		{"facebook", "facebookk", true},
		{"facebook", "facebokk", true},
		{"facebook", "afcebook", true},
		{"facebook", "facebook", true},
		{"facebook", "fcaebok", false},
		{"facebook", "face", false},
	} {
		if got := nearly(tc.a, tc.b); got != tc.want {
			t.Errorf("nearly(%q, %q) = %v", tc.a, tc.b, got)
		}
	}
}
