// The state table, walked whole: every change that can be handed in, on a row in every state. What the table does not
// allow is never on disk.
#include <functional>

#include "tests/journal/faulty_disk.hpp"
#include "tests/journal/sample.hpp"

namespace broadcaster::journal {
namespace {

using namespace sample;  // NOLINT
using delivery::all_states;
using delivery::Change;

/// One row of a fresh journal, in one state.
class OneRow {
 public:
  explicit OneRow(State now) {
    switch (now) {
      case State::pending:
        break;
      case State::sent:
        commit(*store_, {intend(row_, "toots")});
        break;
      case State::accepted:
      case State::unknown:
      case State::failed:
        commit(*store_, {intend(row_, "toots"), settle(row_, now)});
        break;
      case State::confirmed:
        commit(*store_,
               {intend(row_, "toots"), settle(row_, State::accepted), prove(row_.id, delivery::Proof::confirmed)});
        break;
      case State::expired:
      case State::cancelled:
        must(store_->sweep(alert_, now, "over", at(1), 100));
    }
  }

  State state() const { return state_of(*store_, alert_, row_.id); }
  SqliteStore& store() { return *store_; }
  AlertId alert() const { return alert_; }
  const delivery::Row& row() const { return row_; }

 private:
  FaultyDisk disk_{"table"};
  std::unique_ptr<SqliteStore> store_ = open("/table", {.vfs = disk_.name()});
  AlertId alert_ = released(*store_);
  delivery::Row row_ = must(store_->claim(alert_, toots, at(1), 1)).rows.at(0);
};

struct Handed {
  std::string what;
  std::optional<State> from;  ///< what the change expects; nullopt: it goes by rank, or takes what is pending
  State to;
  std::function<void(OneRow&)> in;
};

/// Every change that is there, with every state in it.
std::vector<Handed> every_change() {
  std::vector<Handed> out;
  const auto add = [&](std::string what, std::optional<State> from, State to,
                       std::function<Change(const OneRow&)> make) {
    out.push_back({std::move(what), from, to, [make = std::move(make)](OneRow& one) {
                     const std::vector<Change> changes = {make(one)};
                     must(one.store().commit(changes));
                   }});
  };
  add("intend", State::pending, State::sent, [](const OneRow& one) {
    auto change = intend(one.row(), "toots");
    // The number that would be next, so that the state alone speaks against it.
    const auto line =
        must(const_cast<OneRow&>(one).store().deliveries(one.alert(), delivery::DeliveryId(one.row().id.value - 1), 1))
            .at(0);
    change.attempt.number = line.attempts + 1;
    return change;
  });
  for (const auto to : all_states)
    add("settle " + std::string(name(to)), State::sent, to, [to](const OneRow& one) { return settle(one.row(), to); });
  for (const auto from : all_states)
    for (const auto to : all_states)
      add("move " + std::string(name(from)) + " " + std::string(name(to)), from, to, [from, to](const OneRow& one) {
        return delivery::Move{
            .delivery = one.row().id, .from = from, .to = to, .due = at(9), .why = "because", .at = at(4)};
      });
  for (const auto& [proof, to] :
       {std::pair{delivery::Proof::accepted, State::accepted}, std::pair{delivery::Proof::failed, State::failed},
        std::pair{delivery::Proof::confirmed, State::confirmed}})
    add("prove " + std::string(name(to)), std::nullopt, to,
        [proof](const OneRow& one) { return prove(one.row().id, proof); });
  for (const auto to : all_states)
    out.push_back({"sweep " + std::string(name(to)), std::nullopt, to,
                   [to](OneRow& one) { must(one.store().sweep(one.alert(), to, "over", at(4), 100)); }});
  return out;
}

TEST(StateTable, NoChangeOnARowInAnyStateLeadsWhereTheTableDoesNot) {
  int pairs = 0, refused = 0, changed = 0;
  for (const auto now : all_states)
    for (const auto& change : every_change()) {
      OneRow one(now);
      ASSERT_EQ(one.state(), now);
      const auto head = one.store().record_head();
      bool thrown = false;
      try {
        change.in(one);
      } catch (const std::logic_error&) {
        thrown = true;
      }
      const auto after = one.state();
      ++pairs;
      refused += thrown;
      changed += after != now;
      const auto what = change.what + " on " + std::string(name(now));
      if (after != now) {
        EXPECT_TRUE(legal(now, after)) << what;
        EXPECT_EQ(after, change.to) << what;
        EXPECT_TRUE(!change.from || *change.from == now) << what << ": it expected another state";
      }
      if (thrown) {
        EXPECT_EQ(after, now) << what;
        EXPECT_EQ(one.store().record_head(), head) << what << ": what is refused leaves no trace";
        EXPECT_FALSE(one.store().broken()) << what;
      }
    }
  EXPECT_EQ(pairs, 8 * (1 + 8 + 64 + 3 + 8));
  EXPECT_GT(refused, 400);
  EXPECT_GT(changed, 15);
  RecordProperty("pairs", pairs);
  RecordProperty("refused", refused);
  RecordProperty("changed", changed);
}

/// And every way that the table allows is there, by the change that is meant for it.
TEST(StateTable, EveryChangeThatItAllowsCanBeMade) {
  for (const auto from : all_states)
    for (const auto to : all_states) {
      if (from == to || !legal(from, to)) continue;
      bool made = false;
      for (const auto& change : every_change()) {
        if (made || change.to != to) continue;
        OneRow one(from);
        try {
          change.in(one);
        } catch (const std::logic_error&) {
          continue;
        }
        made = one.state() == to;
      }
      EXPECT_TRUE(made) << name(from) << " to " << name(to);
    }
}

}  // namespace
}  // namespace broadcaster::journal
