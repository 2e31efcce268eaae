// One feed as a channel: documents, the index after each, and both read back afterwards.
//
// A few at once, so that a false alarm does not wait for an order that hangs: whoever is slower finds the index changed
// and begins again (publication.hpp says what to do next). Signing, XML and disks are for a worker. The index is also
// cared for by itself: at the start, when an entry expires, and every hour. What it last held is kept by the journal,
// so that a lost index begins there; nothing waits for that. An index that cannot be brought up to date is an alarm
// until it is. Thread rule: loop thread.
#pragma once

#include <deque>

#include "channels/cap_feed/publication.hpp"
#include "channels/cap_feed/shown.hpp"
#include "channels/channel.hpp"

namespace broadcaster::channels::cap_feed {

struct FeedSettings {
  plan::EndpointName name;
  Frame frame;
  std::shared_ptr<const Signer> signer;
};

class Feed final : public Channel {
 public:
  /// `place`: where it is written; `readers`: as others read it.
  Feed(FeedSettings settings, std::unique_ptr<Place> place, std::unique_ptr<Place> readers, ChannelTools& tools);
  ~Feed() override;

  void open() override;
  std::size_t room() const override;
  void start(std::vector<delivery::Attempt> batch) override;
  std::size_t proving() const override { return proving_; }
  Reachability reachability() const override { return reachability_; }
  /// Reads it back: confirmed where document and index are right, else nothing.
  void ask(const delivery::Attempt& attempt, std::move_only_function<void()> done) override;

 private:
  using Shared = std::shared_ptr<const delivery::Attempt>;
  using Running = std::shared_ptr<Publication>;

  void care();
  void seal(const Shared& attempt);
  void run(Job job, const Shared& attempt);
  void perform(Action action, const Running& running, const Shared& attempt);
  void learn(Answer answer, const Running& running, const Shared& attempt);
  void end(Done done, const Shared& attempt);
  void note_index(const Done& done);
  void look_after(base::milliseconds wait);
  void finish(const Shared& attempt, delivery::Outcome outcome);

  void prove(const Shared& attempt, std::size_t look);
  void mend(const Shared& attempt);
  void look(const Shared& attempt, std::move_only_function<void(Shown)> then);
  void report(const Shared& attempt, const Shown& shown);
  /// `work` on a worker, or here when all are busy; then `done`, unless this has gone.
  void away(std::move_only_function<void()> work, std::move_only_function<void()> done);
  std::string key() const { return "cap_feed/" + settings_.name.value; }
  base::WallTime now() const { return tools_.clock.now().wall; }

  const FeedSettings settings_;
  const std::unique_ptr<Place> place_, readers_;
  ChannelTools& tools_;
  std::deque<Listed> lost_;  ///< what the index must tell of once more
  Entries known_;
  bool loaded_ = false, caring_ = false, index_due_ = true;
  std::size_t running_ = 0, proving_ = 0;
  std::optional<net::TimerId> timer_;
  Reachability reachability_ = Reachability::unknown;
  const std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace broadcaster::channels::cap_feed
