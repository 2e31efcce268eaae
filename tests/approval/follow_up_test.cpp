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

}  // namespace
}  // namespace broadcaster::approval
