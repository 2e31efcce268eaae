// The document that people approve: the alert, whole, with holes for what a release gives.
#include "channels/cap_feed/document.hpp"

#include "broadcaster/alert/cap/read.hpp"
#include "broadcaster/plan/document.hpp"
#include "tests/channels/cap_feed/support.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

alert::Alert reading(const std::string& text) {
  const auto read = alert::cap::read_cap(text, "x");
  EXPECT_TRUE(read && read->size() == 1) << text;
  if (!read) return {};
  EXPECT_TRUE(read->front().notes.list.empty()) << "no repair is needed";
  return read->front().alert;
}

TEST(Document, HasHolesForWhatAReleaseGivesAndNothingElse) {
  const auto pieces = made(order(alert::Status::actual));
  ASSERT_EQ(pieces.size(), 5u);
  EXPECT_EQ(std::get<plan::Hole>(pieces[1]).kind, plan::HoleKind::identifier);
  EXPECT_EQ(std::get<plan::Hole>(pieces[3]).kind, plan::HoleKind::time_of_issue);
  const auto text = plan::fill(pieces, filling());
  EXPECT_NE(text.find("<sent>2026-11-24T05:00:00-00:00</sent>"), std::string::npos);
  const auto alert = reading(text);
  EXPECT_EQ(alert.identifier, "TP12-1");
  EXPECT_EQ(alert.sender, sender);
  EXPECT_EQ(alert.sent, noon());
  EXPECT_EQ(alert.status, alert::Status::actual);
  EXPECT_EQ(alert.infos[0].headline, "Go up <now> & stay");
  EXPECT_TRUE(alert.references.empty());
  ASSERT_EQ(alert.infos[1].areas.size(), 1u);
}

TEST(Document, IsWhatApprovalTakesForOne) {
  for (const auto status : {alert::Status::actual, alert::Status::exercise, alert::Status::test})
    for (const auto type : {alert::MessageType::alert, alert::MessageType::update, alert::MessageType::cancel}) {
      auto alert = order(status);
      alert.type = type;
      EXPECT_EQ(plan::head_of_document(made(alert)), (plan::DocumentHead{status, std::string(alert::name(type))}));
    }
}

TEST(Document, ADrillSaysSoInEveryText) {
  const auto alert = reading(approved("TP12-1", alert::Status::exercise));
  EXPECT_EQ(alert.status, alert::Status::exercise);
  EXPECT_TRUE(alert.infos[0].headline.starts_with("LATIHAN: "));
  EXPECT_TRUE(alert.infos[1].headline.starts_with("EXERCISE: "));
  EXPECT_TRUE(alert.infos[1].description.starts_with("EXERCISE: "));
  EXPECT_FALSE(alert.note.empty());
}

TEST(Document, WhatTakesAnAlertBackRefersToIt) {
  auto cancel = order(alert::Status::actual);
  cancel.type = alert::MessageType::cancel;
  const auto alert = reading(plan::fill(made(cancel), filling("TP13-1")));
  ASSERT_EQ(alert.references.size(), 1u);
  EXPECT_EQ(alert.references[0].identifier, "TP11-1");
  auto update = order(alert::Status::actual);
  update.type = alert::MessageType::update;
  update.references = {{sender, "TP10-1", "2026-11-24T03:00:00-00:00"}};
  EXPECT_EQ(reading(plan::fill(made(update), filling())).references, update.references) << "what people approved";
}

TEST(Document, OfAnAllClearEachInfoNamesItsOwnZonesAlone) {
  auto over = order(alert::Status::actual);
  over.type = alert::MessageType::update;
  over.references = {{sender, "TP10-1", "2026-11-24T03:00:00-00:00"}};
  over.confirmation = "BMKG 06.31";
  over.zones = {{alert::ZoneId("muara"), std::nullopt, alert::Ending::may_return},
                {alert::ZoneId("teluk"), std::nullopt, alert::Ending::not_yet}};
  over.infos[0].ending = alert::Ending::may_return;
  over.infos[1].ending = alert::Ending::not_yet;
  const auto alert = reading(plan::fill(made(over), filling()));
  ASSERT_EQ(alert.infos.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    ASSERT_EQ(alert.infos[i].areas.size(), 1u) << i;
    EXPECT_EQ(alert.infos[i].areas[0].geocodes.back().value, i == 0 ? "muara" : "teluk");
  }
}

TEST(Document, ATextCannotMakeAHoleOrAStatus) {
  auto sly = order(alert::Status::exercise);
  sly.infos[0].description = "<identifier>x</identifier><sent>y</sent><status>Actual</status><references>";
  const auto alert = reading(plan::fill(made(sly), filling()));
  EXPECT_EQ(alert.identifier, "TP12-1");
  EXPECT_EQ(alert.status, alert::Status::exercise);
  EXPECT_EQ(alert.infos[0].description, "LATIHAN: " + sly.infos[0].description);
}

TEST(Document, WhatIsNotForEverybodyIsNotPublished) {
  auto staff = order(alert::Status::actual);
  staff.scope = alert::Scope::private_;
  staff.addresses = "duty";
  const auto made = document({staff, alert::testing::town(), sender});
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().text.id, "channels.cap_feed.scope");
}

TEST(Document, WhatCapForbidsIsRefused) {
  auto bad = order(alert::Status::actual);
  bad.infos[0].headline = "bell \x07";
  EXPECT_FALSE(document({bad, alert::testing::town(), sender}));
}

}  // namespace
}  // namespace broadcaster::channels::cap_feed
