// The page of a prepared alert: every byte that firing can send is on it.
#include "broadcaster/plan/form_words.hpp"

#include <gtest/gtest.h>

#include "broadcaster/plan/form_preview.hpp"
#include "tests/plan/form_example.hpp"

namespace broadcaster::plan {
namespace {

using namespace form_example;

std::string page(const Form& of) { return preview(of, {.language = "en", .width = 4000}); }

/// Each literal of these pieces, one after another, with another word behind it; `seen` gets the form each time.
void change_each(Pieces& pieces, const std::function<void(const std::string&)>& seen) {
  for (auto& piece : pieces)
    if (auto* literal = std::get_if<std::string>(&piece)) {
      const auto kept = *literal;
      *literal += "SMUGGLED";
      seen(kept);
      *literal = kept;
    }
}

void change_each(std::vector<Message>& messages, const std::function<void(const std::string&)>& seen) {
  for (auto& message : messages) {
    if (auto* pieces = std::get_if<Pieces>(&message.body)) change_each(*pieces, seen);
    if (auto* siren = std::get_if<SirenProgram>(&message.body))
      for (auto& voice : siren->voice_texts) {
        const auto kept = voice;
        voice += "SMUGGLED";
        seen(kept);
        voice = kept;
      }
  }
}

void change_each(std::vector<Naming>& namings, const std::function<void(const std::string&)>& seen) {
  for (auto& naming : namings) {
    change_each(naming.messages, seen);
    for (auto& info : naming.infos)
      for (auto* pieces : {&info.event, &info.headline, &info.description, &info.instruction})
        change_each(*pieces, seen);
  }
}

TEST(FormPreview, ShowsEveryTextThatFiringCanSend) {
  auto other = form();
  auto calming = *other.plan.false_alarm;
  int texts = 0;
  const auto shown = [&](const std::string& was) {
    ++texts;
    EXPECT_NE(page(other).find("SMUGGLED"), std::string::npos) << "nobody would read what stands behind: " << was;
  };
  change_each(other.plan.messages, shown);
  change_each(other.order, shown);
  change_each(other.false_alarm, shown);
  change_each(calming.messages, [&](const std::string& was) {
    other.plan.false_alarm = std::make_shared<const Plan>(calming);
    shown(was);
  });
  EXPECT_GT(texts, 100);
}

TEST(FormPreview, ShowsTheNamesAndTheWordsBetweenThem) {
  for (auto part : {&ZoneList::pair, &ZoneList::middle, &ZoneList::last}) {
    auto other = form();
    other.lists.front().*part += "NOT ";
    EXPECT_NE(page(other).find("NOT ”"), std::string::npos) << page(other);
  }
  for (auto part : {&ListedZone::whole, &ListedZone::brief}) {
    auto other = form();
    other.lists.back().zones.back().*part += " SMUGGLED";
    EXPECT_NE(page(other).find("SMUGGLED"), std::string::npos);
  }
}

TEST(FormPreview, ShowsByWhichClockASlotIsFilled) {
  auto other = form();
  const auto before = page(other);
  for (auto& message : other.order.at(1).messages)
    if (auto* pieces = std::get_if<Pieces>(&message.body))
      for (auto& piece : *pieces)
        if (auto* hole = std::get_if<Hole>(&piece); hole && hole->kind == HoleKind::arrival)
          hole->utc_offset += std::chrono::minutes(60);
  EXPECT_NE(page(other), before) << "an hour late for two zones alone";
}

TEST(FormPreview, SaysTheSameTextForSeveralNumbersOfZonesOnce) {
  const auto text = form_words(form(), {.language = "en", .width = 100});
  EXPECT_NE(text.find("where 1 zone is named\n"), std::string::npos) << text;
  EXPECT_NE(text.find("‹zones›"), std::string::npos) << text;
  EXPECT_LT(std::ranges::count(text, '\n'), 250) << "a page that people read";
}

TEST(FormPreview, SaysFirstWhatOnePersonCanDoAlone) {
  const auto text = preview(form(), {.language = "en", .width = 100});
  EXPECT_EQ(text.find("PREPARED ALERT. What is signed here, ONE PERSON can send ALONE.\n"
                      "Until 2027-05-15 23.59, by one of: bayu.pratama (duty_officer)\n"),
            0u)
      << text.substr(0, 400);
  EXPECT_NE(text.find("Arrival: 10 to 120 minutes after it is issued\n"), std::string::npos);
  EXPECT_NE(text.find("List residents: 150 people today. Sent to 135 to 165 (±10 %)"), std::string::npos) << text;
  EXPECT_NE(text.find("Muara ward: 50 people today; 45 to 55"), std::string::npos) << text;
  EXPECT_NE(preview(form(), {.language = "id", .width = 100}).find("SATU ORANG SENDIRI"), std::string::npos);
}

}  // namespace
}  // namespace broadcaster::plan
