#include "broadcaster/approval/follow_up.hpp"

#include "tests/approval/fixture.hpp"

namespace broadcaster::approval {
namespace {

plan::PlannedZone zone(const std::string& id) {
  plan::PlannedZone out;
  out.id = alert::ZoneId(id);
  return out;
}

/// The night's alert as it went out, and an update of it.
struct Night {
  Night() {
    original.zones = {zone("muara"), zone("pasir")};
    update = original;
    update.alert.type = alert::MessageType::update;
    update.alert.references = {reference_to({original, filling})};
  }
  std::string refusal() const {
    const auto text = update_refusal(update, {original, filling});
    return text ? text->id : "";
  }
  plan::Plan original = sample_plan();
  plan::Filling filling = sample_filling(at(2, 15));
  plan::Plan update;
};

TEST(Update, RefersToTheAlertLetterForLetter) {
  Night night;
  const auto reference = reference_to({night.original, night.filling});
  EXPECT_EQ(reference.sender, night.original.alert.sender);
  EXPECT_EQ(reference.identifier, night.filling.identifier);
  EXPECT_EQ(reference.sent, base::format_cap_time(night.filling.time_of_issue));
  EXPECT_EQ(night.refusal(), "");
  for (auto member : {&alert::Reference::sender, &alert::Reference::identifier, &alert::Reference::sent}) {
    Night other;
    other.update.alert.references.front().*member += "x";
    EXPECT_EQ(other.refusal(), "approval.update_refers");
  }
  night.update.alert.references.clear();
  EXPECT_EQ(night.refusal(), "approval.update_refers");
}

TEST(Update, OfAnUpdateNamesBothOldestFirst) {
  Night night;
  night.filling.references = "bpbd@tirtapura.example,TP1-20261124T020000Z,2026-11-24T02:00:00-00:00";
  EXPECT_EQ(night.refusal(), "approval.update_refers");
  const alert::Reference first{"bpbd@tirtapura.example", "TP1-20261124T020000Z", "2026-11-24T02:00:00-00:00"};
  const auto second = reference_to({night.original, night.filling});
  night.update.alert.references = {first, second};
  EXPECT_EQ(night.refusal(), "");
  EXPECT_EQ(references_after({night.original, night.filling}), night.update.alert.references);
  night.update.alert.references = {second, first};
  EXPECT_EQ(night.refusal(), "approval.update_refers");
}

TEST(Update, MayReachFurtherAndNeverLess) {
  Night night;
  night.update.zones.push_back(zone("teluk"));
  EXPECT_EQ(night.refusal(), "");
  night.update.zones.erase(night.update.zones.begin());
  EXPECT_EQ(night.refusal(), "approval.update_drops_zone");
}

TEST(Update, IsOfTheSameDangerAndStatus) {
  Night other_hazard;
  other_hazard.update.alert.hazard = "flood";
  EXPECT_EQ(other_hazard.refusal(), "approval.update_of_another");
  Night other_status;
  other_status.update.alert.status = alert::Status::exercise;
  EXPECT_EQ(other_status.refusal(), "approval.update_of_another");
}

TEST(Update, OfAnAllClearIsNone) {
  Night night;
  night.original.alert.confirmation = "BMKG 06.31 WIB";
  EXPECT_EQ(night.refusal(), "approval.update_of_all_clear");
}

/// Two revisions of an alert, and the all-clear that ends both.
struct Morning {
  Morning() {
    first.zones = {zone("muara"), zone("pasir")};
    second = first;
    second.zones.push_back(zone("teluk"));
    later = sample_filling(at(2, 40));
    later.identifier += "-2";
    over = second;
    over.alert.type = alert::MessageType::update;
    over.alert.confirmation = "BMKG 06.31 WIB";
    over.alert.references = {reference_to({first, filling}), reference_to({second, later})};
  }
  base::Text refusal() const {
    const Replaced revisions[] = {{first, filling}, {second, later}};
    return all_clear_refusal(over, {revisions, in_hearing}).value_or(base::Text{});
  }
  plan::Plan first = sample_plan(), second, over;
  plan::Filling filling = sample_filling(at(2, 15)), later;
  std::vector<alert::ZoneId> in_hearing;
};

TEST(AllClear, NamesEveryRevisionInItsOrder) {
  EXPECT_EQ(Morning().refusal().id, "");
  for (const std::size_t missing : {0u, 1u}) {
    Morning morning;
    morning.over.alert.references.erase(morning.over.alert.references.begin() + static_cast<std::ptrdiff_t>(missing));
    EXPECT_EQ(morning.refusal().id, "approval.all_clear_refers");
  }
  Morning swapped, more;
  std::swap(swapped.over.alert.references[0], swapped.over.alert.references[1]);
  EXPECT_EQ(swapped.refusal().id, "approval.all_clear_refers");
  more.over.alert.references.push_back({"x", "y", "2026-11-24T02:15:00-00:00"});
  EXPECT_EQ(more.refusal().id, "approval.all_clear_refers");
}

TEST(AllClear, SpeaksToEveryZoneOfEveryRevision) {
  for (const std::string left_out : {"muara", "pasir", "teluk"}) {
    Morning morning;
    std::erase_if(morning.over.zones, [&](const plan::PlannedZone& z) { return z.id.value == left_out; });
    const auto refusal = morning.refusal();
    EXPECT_EQ(refusal.id, "approval.all_clear_drops_zone");
    EXPECT_EQ(std::get<std::string>(refusal.arguments.front().second), left_out);
  }
}

TEST(AllClear, SpeaksToWhoeverHearsASirenThatSounded) {
  Morning morning;
  morning.in_hearing = {alert::ZoneId("muara"), alert::ZoneId("bukit")};
  const auto refusal = morning.refusal();
  EXPECT_EQ(refusal.id, "approval.all_clear_drops_hearing");
  EXPECT_EQ(std::get<std::string>(refusal.arguments.front().second), "bukit");
  morning.over.zones.push_back(zone("bukit"));
  EXPECT_EQ(morning.refusal().id, "");
}

TEST(AllClear, GoesWhereTheAlertWentOrSaysThatItDoesNot) {
  Morning morning;
  ASSERT_FALSE(morning.over.messages.empty());
  const auto gone = morning.over.messages.front();
  std::erase_if(morning.over.messages, [&](const plan::Message& m) { return m.endpoint == gone.endpoint; });
  const auto refusal = morning.refusal();
  EXPECT_EQ(refusal.id, "approval.all_clear_drops_endpoint");
  EXPECT_EQ(std::get<std::string>(refusal.arguments.front().second), gone.endpoint.value);
  for (const auto& message : morning.first.messages)
    if (message.endpoint == gone.endpoint)
      morning.over.blocked.push_back(
          {message.endpoint, message.language, message.zone, message.form, {"plan.too_long", {}}, 0});
  EXPECT_EQ(morning.refusal().id, "") << "a gap that its approvers sign";
}

TEST(AllClear, IsOfTheSameDangerAndStatus) {
  Morning other_hazard, other_status;
  other_hazard.over.alert.hazard = "flood";
  EXPECT_EQ(other_hazard.refusal().id, "approval.all_clear_of_another");
  other_status.over.alert.status = alert::Status::exercise;
  EXPECT_EQ(other_status.refusal().id, "approval.all_clear_of_another");
}

}  // namespace
}  // namespace broadcaster::approval
