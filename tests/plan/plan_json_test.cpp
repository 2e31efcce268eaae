#include <gtest/gtest.h>

#include <random>

#include "broadcaster/base/canonical_json.hpp"
#include "tests/plan/example.hpp"

namespace broadcaster::plan {
namespace {

const Plan& a_plan() {
  static const Plan plan = [] {
    auto made = example::plan_of(example::order(alert::Status::exercise));
    if (!made) throw std::runtime_error(example::lines(made.error()));
    return *made;
  }();
  return plan;
}

TEST(PlanJson, ComesBackAsItWentOut) {
  const auto text = canonical(a_plan());
  const auto back = parse_plan(text, "plan.json");
  ASSERT_TRUE(back) << back.error().key << " " << back.error().text.id;
  EXPECT_EQ(canonical(*back), text);
  EXPECT_EQ(digest(*back), base::sha256(text));
  EXPECT_EQ(back->messages, a_plan().messages);
  EXPECT_EQ(back->endpoints, a_plan().endpoints);
  EXPECT_EQ(back->findings, a_plan().findings);
  EXPECT_EQ(back->alert, a_plan().alert);
  ASSERT_TRUE(back->false_alarm);
  EXPECT_EQ(back->false_alarm->messages, a_plan().false_alarm->messages);
}

/// Values of every kind at random places: what is written must come back equal.
class RandomPlan {
 public:
  explicit RandomPlan(unsigned seed) : random_(seed) {}

  Plan make() {
    Plan plan = a_plan();
    plan.made_with = list<alert::NamedValue>([&] { return alert::NamedValue{text(), text()}; });
    plan.messages = list<Message>([&] { return message(); });
    plan.blocked = list<Blocked>([&] {
      return Blocked{EndpointName(text()), alert::Language(text()), alert::ZoneId(text()), text(), words(), number()};
    });
    plan.findings = list<Finding>(
        [&] { return Finding{text(), words(), EndpointName(text()), alert::Language(text()), alert::ZoneId(text())}; });
    plan.zones = list<PlannedZone>([&] {
      return PlannedZone{alert::ZoneId(text()),
                         {{"id", text()}, {"en", text()}},
                         number(),
                         75,
                         {text(), text()},
                         below(2) ? std::optional(example::night()) : std::nullopt};
    });
    plan.audiences = list<PlannedAudience>([&] {
      return PlannedAudience{text(), text(), {{alert::Language(text()), alert::ZoneId(text()), number()}}, number()};
    });
    plan.free_text = list<std::string>([&] { return text(); });
    if (below(2)) plan.false_alarm = nullptr;
    return plan;
  }

 private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  std::int64_t number() { return static_cast<std::int64_t>(random_() % (1ull << 53)); }
  std::string text() {
    static const std::vector<std::string> words{"", "a", "\"", "\\", "\n", "é", "’", "😷", "{x}", "\x01", "Pasir"};
    std::string out;
    for (auto n = below(5); n > 0; --n) out += words[below(static_cast<unsigned>(words.size()))];
    return out;
  }
  base::Text words() { return {text(), {{"a", text()}, {"b", number()}, {"c", base::Key{text()}}}}; }
  template <class T, class Make>
  std::vector<T> list(Make make_one) {
    std::vector<T> out;
    for (auto n = below(4); n > 0; --n) out.push_back(make_one());
    return out;
  }
  Message message() {
    Message out;
    out.endpoint = EndpointName(text());
    out.form = text();
    out.length = {text(), static_cast<int>(below(1000)), static_cast<int>(below(1000)), 2};
    out.missing = list<Element>([&] { return static_cast<Element>(below(5)); });
    if (below(2))
      out.body = SirenProgram{text(), std::chrono::seconds(below(300)), {text()}, {text(), text()}};
    else
      out.body = list<Piece>([&]() -> Piece {
        if (below(2)) return text();
        return Hole{static_cast<HoleKind>(below(6)), text(), std::chrono::minutes(static_cast<int>(below(1600)) - 800)};
      });
    return out;
  }
  std::mt19937_64 random_;
};

TEST(PlanJson, LosesNothingOfAnyPlan) {
  for (unsigned seed = 0; seed < 300; ++seed) {
    const auto plan = RandomPlan(seed).make();
    const auto text = canonical(plan);
    const auto back = parse_plan(text, "plan.json");
    ASSERT_TRUE(back) << seed << " " << back.error().key << " " << back.error().text.id;
    ASSERT_EQ(canonical(*back), text) << seed;
    ASSERT_EQ(back->messages, plan.messages) << seed;
    ASSERT_EQ(back->blocked, plan.blocked) << seed;
    ASSERT_EQ(back->findings, plan.findings) << seed;
    ASSERT_EQ(back->zones, plan.zones) << seed;
    ASSERT_EQ(back->audiences, plan.audiences) << seed;
    ASSERT_EQ(back->made_with, plan.made_with) << seed;
  }
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(PlanJson, EveryChangedByteChangesTheDigest) {
  auto other = a_plan();
  std::get<std::string>(std::get<Pieces>(other.messages.front().body).front()) += ".";
  EXPECT_NE(digest(other), digest(a_plan()));
  auto later = a_plan();
  later.expires += std::chrono::milliseconds(1);
  EXPECT_NE(digest(later), digest(a_plan()));
}

TEST(PlanJson, RefusesWhatItDidNotWrite) {
  const auto text = canonical(a_plan());
  struct Case {
    std::string text;
    std::string id;
  };
  const Case cases[] = {
      {replaced(text, "{\"alert\"", "{ \"alert\""), "plan.json_not_canonical"},
      {replaced(text, "\"format\":1", "\"format\":0"), "plan.json_unknown_format"},
      {replaced(text, "\"mode\":\"drill\"", "\"mode\":\"maybe\""), "base.expected_one_of"},
      {replaced(text, "\"priority\":6", "\"priority\":\"6\""), "base.expected_found"},
      {replaced(text, "\"author\":\"sari.wulandari\",", ""), "base.missing"},
      {replaced(text, "\"author\":", "\"added\":1,\"author\":"), "base.unknown_key"},
  };
  for (const auto& test : cases) {
    const auto plan = parse_plan(test.text, "plan.json");
    ASSERT_FALSE(plan) << test.id;
    EXPECT_EQ(plan.error().text.id, test.id);
    EXPECT_EQ(plan.error().kind, base::ErrorKind::bad_input);
  }
}

TEST(PlanJson, ANewerFormatIsRefusedBeforeItsKeysAreRead) {
  const auto plan = parse_plan(R"({"format":2,"surprise":true})", "plan.json");
  ASSERT_FALSE(plan);
  EXPECT_EQ(plan.error().kind, base::ErrorKind::refused);
}

TEST(PlanJson, AFalseAlarmHasNoneOfItsOwn) {
  auto inner = *a_plan().false_alarm;
  inner.false_alarm = a_plan().false_alarm;
  auto outer = a_plan();
  outer.false_alarm = std::make_shared<const Plan>(inner);
  const auto back = parse_plan(canonical(outer), "plan.json");
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().text.id, "plan.json_false_alarm_twice");
}

}  // namespace
}  // namespace broadcaster::plan
