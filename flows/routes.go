package flows

// routeTable is the site map of the pages that Go makes; pages of words and
// links only are listed in content/pages.yaml. "fixed" pages look the same to
// everybody who reads the language.
var routeTable = []struct {
	pattern string
	handle  handler
	fixed   bool
}{
	{"home", home, false},
	{"start", home, false},
	{"menu", home, false},

	{"help", helpHome, true},
	{"help/more", helpMore, true},
	{"help/{topic}", helpTopic, true},
	{"help/{topic}/{step}", helpStep, true},

	{"lines", linesHome, false},
	{"lines/in", first(linesCountries), false},
	{"lines/in/page/{n}", linesCountries, false},
	{"lines/in/{country}", linesCountry, false},
	{"lines/{topic}", linesTopic, false},
	{"lines/{topic}/{country}", linesTopicCountry, false},
	{"line/{channel}", lineCard, false},

	{"report", first(reportList), true},
	{"report/page/{n}", reportList, true},
	{"report/{service}", reportService, true},
	{"report/{service}/{step}", reportStep, true},

	{"tips", first(tipsList), true},
	{"tips/page/{n}", tipsList, true},
	{"tips/next", tipsNext, false},
	{"tips/parent", tipsParent, false},
	{"tips/teacher", tipsTeacher, false},
	{"tips/{topic}", tipsTopic, false},
	{"tip/{tip}", tipPage, false},

	{"quiz", quizToday, false},
	{"quiz/today", quizToday, false},
	{"quiz/next", quizNext, false},
	{"quiz/{question}", quizAsk, false},
	{"quiz/{question}/{choice}", quizAnswer, false},

	{"practice", first(practiceList), true},
	{"practice/page/{n}", practiceList, true},
	{"practice/{scenario}", practiceStart, true},
	{"practice/{scenario}/{screen}", practiceScreen, true},
	{"practice/{scenario}/{screen}/{choice}", practiceChoice, true},

	{"stories", first(storiesList), true},
	{"stories/page/{n}", storiesList, true},
	{"story/{story}", storyPage, true},
	{"library", libraryPage, true},
	{"lesson", first(lessonList), true},
	{"lesson/page/{n}", lessonList, true},
	{"lesson/{topic}", lessonPage, true},
	{"pledge", pledgeHome, false},
	{"pledge/done", pledgeDone, false},
	{"pledge/{promise}", pledgeToggle, false},

	{"settings", settingsHome, false},
	{"settings/lang", settingsLang, false},
	{"settings/lang/{lang}", settingsSetLang, false},
	{"settings/country", first(settingsCountry), false},
	{"settings/country/page/{n}", settingsCountry, false},
	{"settings/country/{country}", settingsSetCountry, false},

	{"setup", managed(setupFront), false},
	{"setup/lang", managed(setupLang), false},
	{"setup/lang/{lang}", managed(setupSetLang), false},
	{"setup/country", first(managed(countryList)), false},
	{"setup/country/page/{n}", managed(countryList), false},
	{"setup/country/{country}", managed(countrySet), false},
	{"setup/zone", managed(zoneList), false},
	{"setup/zone/{zone}", managed(zoneSet), false},
	{"setup/pause", managed(setupPause), false},
	{"setup/pause/{how}", managed(setupSetPause), false},
	{"setup/remove", managed(setupRemove), false},
	{"setup/remove/now", managed(setupRemoveNow), false},
	{"setup/{plan}", managed(planPage), false},
	{"setup/{plan}/on", managed(planOn), false},
	{"setup/{plan}/on/{zone}", managed(planOnIn), false},
	{"setup/{plan}/off", managed(planOff), false},
	{"setup/{plan}/days", managed(planDaysPage), false},
	{"setup/{plan}/days/{days}", managed(planSetDays), false},
	{"setup/{plan}/hour", managed(planHourPage), false},
	{"setup/{plan}/hour/{hour}", managed(planSetHour), false},

	{"mine", own(mineFront), false},
	{"mine/country", first(own(countryList)), false},
	{"mine/country/page/{n}", own(countryList), false},
	{"mine/country/{country}", own(countrySet), false},
	{"mine/zone", own(zoneList), false},
	{"mine/zone/{zone}", own(zoneSet), false},
	{"mine/{plan}", own(planPage), false},
	{"mine/{plan}/on", own(planOn), false},
	{"mine/{plan}/on/{zone}", own(planOnIn), false},
	{"mine/{plan}/off", own(planOff), false},
	{"mine/{plan}/days", own(planDaysPage), false},
	{"mine/{plan}/days/{days}", own(planSetDays), false},
	{"mine/{plan}/hour", own(planHourPage), false},
	{"mine/{plan}/hour/{hour}", own(planSetHour), false},
	{"stop", stop, false},
	{"stop/now", stopNow, false},

	{"class", classPage, false},
	{"class/{question}/{choice}", classAnswer, false},

	{"privacy", privacyPage, false},
	{"about", aboutPage, false},
	{"hide", hide, false},
	{"hide/done", hideDone, false},
	{"hide/some", hideDone, false},
	{"delete", deleteAsk, false},
	{"delete/now", deleteNow, false},
}
