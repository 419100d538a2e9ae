package main

import (
	"testing"

	"notalone/flows"
	"notalone/flows/check"
	"notalone/i18n"
)

// TestAnnouncementsNeverSpeakOfSelfHarm: neither to whoever feels so nor of others,
// in the words of any language, in the text or beside the picture; what only sounds
// like it goes out.
func TestAnnouncementsNeverSpeakOfSelfHarm(t *testing.T) {
	review, err := check.Reviewer()
	if err != nil {
		t.Fatal(err)
	}
	site, err := buildSite("", flows.Operator{News: flows.Newsroom{Review: review, Links: []string{"example.org"}}})
	if err != nil {
		t.Fatal(err)
	}
	for words, stops := range map[string]bool{
		"Suicide prevention week starts today": true, "Many young people cut themselves": true, "If you want to die, write to us": true,
		"A boy killed himself after sextortion": true, "Do not end your life": true, "Self-harm is not your fault": true,
		"Tuần lễ phòng chống tự tử": true, "Một bạn nam đã tự sát sau khi bị tống tiền": true, "Bạn không muốn sống nữa?": true,
		"Pekan pencegahan bunuh diri": true, "Banyak remaja menyakiti diri sendiri": true, "Kalau kamu ingin mati, chat kami": true,
		"Safety week. Nobody needs your code but you.": false, "Do not let strangers hurt you online. Cut the contact.": false,
		"Tuần lễ an toàn. Đừng đưa mã OTP cho ai.": false, "Đừng chuyển tiền khi bị dọa": false,
		"Pekan aman. Kode OTP-mu hanya untukmu.": false, "Matikan akun yang dibajak": false,
	} {
		for _, lang := range site.Words().Langs() {
			text := flows.Announcement{ID: flows.NewsID(3), Texts: map[i18n.Lang]string{lang: words}, To: flows.Receivers{Groups: true}}
			beside := text
			beside.Texts = map[i18n.Lang]string{lang: "OK"}
			beside.Picture = flows.Picture{URL: "https://example.org/x.png", Alt: map[i18n.Lang]string{lang: words}}
			for _, a := range []*flows.Announcement{&text, &beside} {
				stopped := false
				for _, flaw := range site.Proof(a, transcriptTime) {
					stopped = stopped || flaw.Stops
				}
				if stopped != stops {
					t.Errorf("%s, picture %q: %q is stopped: %v", lang, a.Picture.URL, words, stopped)
				}
			}
		}
	}
}
