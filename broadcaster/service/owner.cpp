#include "broadcaster/service/owner.hpp"

#include <boost/json.hpp>
#include <csignal>

#include "broadcaster/base/catalogue.hpp"
#include "broadcaster/base/log.hpp"
#include "broadcaster/dispatch/dispatcher.hpp"
#include "broadcaster/journal/disk_space.hpp"
#include "broadcaster/net/http.hpp"
#include "broadcaster/net/server.hpp"
#include "broadcaster/service/auditor.hpp"
#include "broadcaster/service/feed_desk.hpp"
#include "broadcaster/service/fence_watch.hpp"
#include "broadcaster/service/owner_start.hpp"
#include "broadcaster/service/paging/pages.hpp"
#include "broadcaster/service/requests.hpp"
#include "broadcaster/service/retention.hpp"
#include "broadcaster/service/take_over.hpp"
#include "channels/table.hpp"

namespace broadcaster::service {
namespace {

constexpr base::milliseconds end_patience = std::chrono::seconds(10);
constexpr base::milliseconds end_look{20};
constexpr std::string_view hooks_prefix = "/hooks/";

template <alert::Mode M>
class OwnerOf final : public Owner {
 public:
  OwnerOf(OwnerOptions options, StateLock lock, std::unique_ptr<journal::SqliteStore> store, BeforeStart known)
      : options_(std::move(options)),
        standing_(std::move(known.standing)),
        fence_(fence_of(options_)),
        lock_(std::move(lock)),
        loop_(net::Loop::create()),
        workers_(*loop_),
        http_(net::HttpClient::create(*loop_)),
        ballast_(std::make_shared<journal::Ballast>(options_.state.folder,
                                                    options_.config.upkeep.disk.ballast_bytes(options_.mode))),
        store_(std::move(store), [this](std::move_only_function<void()> task) { loop_->post(std::move(task)); }),
        dispatcher_(*loop_, store_, clock_, random_),
        guard_(guard(known)),
        pages_({.loop = *loop_, .store = store_, .http = *http_, .clock = clock_, .options = options_}),
        requests_({.loop = *loop_,
                   .workers = workers_,
                   .store = store_,
                   .clock = clock_,
                   .options = options_,
                   .quit = [this] { end(); },
                   .audit = [this] { return auditor_ ? auditor_->json() : boost::json::value(); },
                   .retention = [this] { return retention_ ? retention_->json() : boost::json::value(); },
                   .feeds = [this]() -> FeedDesk& { return *feeds_; },
                   .pages = pages_,
                   .signed_set = guard_.get(),
                   .silent = std::move(known.silent)},
                  dispatcher_) {
    if (options_.record_key) store_.sign_with(options_.record_key->key);
    store_.on_failure([ballast = ballast_](const base::Error& failure) { return ballast->relieve(failure); });
    tools_.emplace(channels::ChannelTools{.loop = *loop_,
                                          .workers = workers_,
                                          .http = *http_,
                                          .clock = clock_,
                                          .random = random_,
                                          .reports = dispatcher_.driver(),
                                          .store = dispatcher_.driver(),
                                          .hooks_url = {},
                                          .config_folder = options_.config.folder.string()});
  }

  base::Result<void> begin(Found found) {
    begin_paging();
    begin_guard();
    say_duty_trouble();
    open_feeds();
    if (options_.work == Work::send)
      if (auto sending = begin_sending(std::move(found)); !sending) return sending;
    auto control = net::LineServer::listen(*loop_, options_.state.control().string(),
                                           {.on_line =
                                                [this](net::ConnectionId id, const net::Peer& peer, std::string line) {
                                                  requests_.handle(line, peer, id, [this, id](std::string answer) {
                                                    if (control_) control_->send(id, std::move(answer));
                                                  });
                                                },
                                            .on_closed = [this](net::ConnectionId id) { requests_.closed(id); }});
    if (!control) return std::unexpected(control.error());
    control_ = std::move(*control);
    if (options_.signals == OwnerOptions::Signals::take) loop_->on_signal({SIGTERM, SIGINT}, [this](int) { end(); });
    return {};
  }

  void run() override { loop_->run(); }
  void stop() override {
    loop_->post([this] { end(); });
  }
  std::string hooks_url() const override { return tools_->hooks_url; }
  std::vector<base::Text> warnings() const override { return warnings_; }
  std::optional<base::Error> fenced() const override { return fenced_; }

 private:
  std::unique_ptr<SetGuard> guard(const BeforeStart& known) {
    if constexpr (M == alert::Mode::drill) return nullptr;
    SetGuardTools tools{*loop_, store_, dispatcher_.driver(), clock_, fence_, known.set_elsewhere};
    return std::make_unique<SetGuard>(std::move(tools), options_.config.folder,
                                      approval::digests_of(options_.config.set), known.signed_set);
  }

  /// Only `serve` stands for long enough to watch; whoever starts it is told by day.
  void begin_guard() {
    if (!guard_ || options_.signals == OwnerOptions::Signals::leave) return;
    for (auto& text : guard_->look_first()) warn(std::move(text));
    guard_->watch();
  }

  /// Before anything can alarm.
  void begin_paging() {
    pages_.start();
    for (const auto& warning : pages_.warnings()) warn(warning);
    if (options_.signals == OwnerOptions::Signals::take && !options_.config.duty && !options_.config.duty_trouble)
      warn({"service.no_duty", {}});
    dispatcher_.driver().on_alarm = [this](const std::string& key, const std::optional<base::Text>& text) {
      pages_.alarm(key, text);
    };
  }

  /// What is sent goes on although nobody can be called about it.
  void say_duty_trouble() {
    const auto& trouble = options_.config.duty_trouble;
    if (!trouble) return;
    base::Text text{"service.duty_trouble",
                    {{"why", base::Catalogue::of(options_.config.agency.default_language.value).say(*trouble)}}};
    dispatcher_.driver().alarm(plan::EndpointName(), "duty", text);
    warn(std::move(text));
  }

  base::Result<void> begin_sending(Found found) {
    const auto& hooks = options_.config.hooks;
    auto server = net::HttpServer::listen(*loop_, hooks.address, hooks.port,
                                          [this](net::ServerRequest request, net::Responder responder) {
                                            if (request.target.starts_with(Pages<M>::link_path))
                                              return pages_.receive(request, std::move(responder));
                                            if (!request.target.starts_with(hooks_prefix))
                                              return responder.answer(404, {}, "");
                                            plan::EndpointName endpoint(request.target.substr(hooks_prefix.size()));
                                            dispatcher_.driver().receive(request, endpoint, std::move(responder));
                                          });
    if (!server) return std::unexpected(server.error());
    hooks_ = std::move(*server);
    tools_->hooks_url = (hooks.public_url.empty() ? "http://" + hooks.address + ":" + std::to_string(hooks_->port())
                                                  : hooks.public_url) +
                        std::string(hooks_prefix);

    auto endpoints = dispatch::EndpointSet<M>::open(options_.config.endpoints, channels::kinds(), *tools_);
    for (const auto& [name, error] : endpoints.left_out()) {
      base::log::error("endpoint " + name.value + " is left out", error);
      dispatcher_.driver().alarm(name, "left_out", error.text);
    }
    dispatcher_.open(std::move(endpoints));
    if (fence_) watch_fence();
    resume(std::move(found));
    dispatcher_.driver().on_store_works = [this] { resume_what_was_in_doubt(); };
    begin_audit();
    begin_retention();
    return {};
  }

  /// As with the dead man's handle: only `serve` stands for long enough to watch.
  void open_feeds() {
    feeds_.emplace(FeedDeskTools{.loop = *loop_,
                                 .workers = workers_,
                                 .http = *http_,
                                 .store = store_,
                                 .driver = dispatcher_.driver(),
                                 .clock = clock_,
                                 .random = random_},
                   FeedRules{.agency = options_.config.agency,
                             .zones = options_.config.zones,
                             .hazards = options_.hazards,
                             .mode = M,
                             .drafts = std::filesystem::absolute(options_.state.drafts())},
                   options_.config.feeds);
    switch (options_.signals) {
      case OwnerOptions::Signals::take:
        return feeds_->begin(FeedDesk::Watching::poll);
      case OwnerOptions::Signals::leave:
        return feeds_->begin(FeedDesk::Watching::look_only);
    }
  }

  void watch_fence() {
    watch_.emplace(*loop_, clock_, *fence_, standing_,
                   FenceWatch::Handlers{.on_fenced = [this](const FenceMark& by) { give_way(by); },
                                        .on_trouble =
                                            [this](const std::optional<base::Text>& trouble) {
                                              dispatcher_.driver().alarm(plan::EndpointName(), "fence", trouble);
                                              dispatcher_.driver().go_on();
                                            }});
    dispatcher_.driver().owns = [this] { return watch_->fresh(); };
    watch_->start();
  }

  /// Another machine owns the state. Nothing new from this moment on, nobody is served (receipts are still taken); what
  /// is in flight is finished and written, then the other machine is told.
  void give_way(const FenceMark& by) {
    base::log::error("another machine has taken over: " + by.machine + ", epoch " + std::to_string(by.epoch));
    fenced_ = base::Error{base::ErrorKind::refused, {"service.fenced", {{"by", by.machine}}}, {}, {}};
    dispatcher_.driver().drain();
    pages_.stop();
    retention_.reset();
    control_.reset();
    leave(by, clock_.now().mono + end_patience);
  }

  void leave(const FenceMark& by, base::MonoTime last) {
    if (!dispatcher_.driver().quiet() && clock_.now().mono < last) {
      loop_->after(end_look, [this, by, last] { leave(by, last); });
      return;
    }
    store_.run(
        [by, now = clock_.now().wall](journal::SqliteStore& store) -> base::Result<LastWord> {
          if (auto marked = mark_fenced(store, by.machine, by.epoch, now); !marked)
            return std::unexpected(marked.error());
          return last_word(store, machine_name(), now);
        },
        [this](const base::Result<LastWord>& word) {
          if (word) return say_left(*word);
          // Without the mark on our own disk a start could send again: then the other machine must not rely on us.
          base::log::error("it could not be written that another machine has taken over");
          loop_->stop();
        });
  }

  void say_left(LastWord word) {
    const bool queued = workers_.run(
        [word = std::move(word), fence = *fence_, epoch = standing_.epoch] {
          if (!fence.say_left(epoch, word))
            base::log::error("the other machine could not be told that this one has left");
        },
        [this] { loop_->stop(); });
    if (!queued) loop_->stop();
  }

  /// Only `serve` stands for long enough to be missed; a command that ends would only frighten who waits for its pings.
  void begin_audit() {
    const auto& upkeep = options_.config.upkeep;
    AuditorOptions audit{.audit = upkeep.audit,
                         .warn_below_bytes = upkeep.disk.warn_below_bytes(M),
                         .dead_man_url = {},
                         .dead_man_every = upkeep.dead_man.every};
    switch (options_.signals) {
      case OwnerOptions::Signals::take: {
        auto url = dead_man_url(upkeep.dead_man, M, options_.config.folder.string());
        if (!url)
          warn(url.error().text);
        else if (url->empty())
          warn({"service.no_dead_man", {}});
        else
          audit.dead_man_url = std::move(*url);
        break;
      }
      case OwnerOptions::Signals::leave:
        break;
    }
    const auto free = journal::free_bytes(options_.state.folder);
    if (free && *free < audit.warn_below_bytes)
      warn({"service.audit_disk",
            {{"free", static_cast<std::int64_t>(*free >> 20)},
             {"bound", static_cast<std::int64_t>(audit.warn_below_bytes >> 20)}}});
    auditor_.emplace(
        AuditorTools{.loop = *loop_, .store = store_, .driver = dispatcher_.driver(), .http = *http_, .clock = clock_},
        std::move(audit), ballast_);
    auditor_->start();
  }

  /// Only `serve` stands for long enough; a command that ends has something else to do.
  void begin_retention() {
    const auto& keep = options_.config.policy.keep_people;
    switch (options_.signals) {
      case OwnerOptions::Signals::take:
        if (!keep) return;
        retention_.emplace(
            RetentionTools{.loop = *loop_, .store = store_, .driver = dispatcher_.driver(), .clock = clock_}, *keep);
        return retention_->start();
      case OwnerOptions::Signals::leave:
        return;
    }
  }

  void warn(base::Text text) {
    base::log::warning(base::Catalogue::of("en").say(text));
    warnings_.push_back(std::move(text));
  }

  void resume(Found found) {
    for (auto& one : found.resume)
      if (auto resumed = dispatcher_.resume(one.alert, std::move(one.so_far)); !resumed)
        not_resumed(one.alert.identifier, resumed.error());
    for (const auto& [id, error] : found.unreadable) not_resumed("#" + std::to_string(id.value), error);
  }

  void not_resumed(const std::string& which, const base::Error& error) {
    base::log::error("alert " + which + " is not resumed", error);
    dispatcher_.driver().alarm(plan::EndpointName(), "resume/" + which,
                               base::Text{"service.not_resumed", {{"alert", which}}});
  }

  /// The disk had failed: a release that was answered with an error may stand on it, as after a crash.
  void resume_what_was_in_doubt() {
    store_.run([](journal::SqliteStore& store) { return store.open_alerts(); },
               [this](base::Result<std::vector<delivery::AlertId>> ids) {
                 if (!ids) return;  // it has failed again, and this comes again with its mending
                 std::erase_if(*ids, [this](delivery::AlertId id) { return dispatcher_.driver().knows(id); });
                 if (ids->empty()) return;
                 store_.run([ids = std::move(*ids), now = dispatcher_.driver().waiting()](
                                journal::SqliteStore& store) { return recover(store, ids, now); },
                            [this](base::Result<Found> found) {
                              if (found) resume(std::move(*found));
                            });
               });
  }

  /// Nothing new; what is in flight is finished and written, 10 s at most.
  void end() {
    if (fenced_ || ending_ == Ending::yes) return;  // it is ending already
    ending_ = Ending::yes;
    dispatcher_.driver().drain();
    wait_for_quiet(clock_.now().mono + end_patience);
  }

  void wait_for_quiet(base::MonoTime last) {
    if (dispatcher_.driver().quiet() || clock_.now().mono >= last) return loop_->stop();
    loop_->after(end_look, [this, last] { wait_for_quiet(last); });
  }

  OwnerOptions options_;
  const Standing standing_;
  const std::optional<Fence> fence_;
  StateLock lock_;
  base::SystemClock clock_;
  base::SystemRandom random_;
  std::unique_ptr<net::Loop> loop_;
  net::Workers workers_;
  std::unique_ptr<net::HttpClient> http_;
  std::shared_ptr<journal::Ballast> ballast_;  ///< the store's thread only
  journal::StoreThread store_;
  std::optional<channels::ChannelTools> tools_;  ///< outlives the channels, which the dispatcher holds
  dispatch::Dispatcher<M> dispatcher_;
  std::unique_ptr<SetGuard> guard_;  ///< nullptr in a drill
  Pages<M> pages_;
  Requests<M> requests_;
  std::optional<Auditor> auditor_;
  std::optional<Retention> retention_;
  std::optional<FeedDesk> feeds_;
  std::optional<FenceWatch> watch_;
  std::optional<base::Error> fenced_;
  std::vector<base::Text> warnings_;
  std::unique_ptr<net::HttpServer> hooks_;
  std::unique_ptr<net::LineServer> control_;
  enum class Ending { no, yes } ending_ = Ending::no;
};

template <alert::Mode M>
base::Checked<std::unique_ptr<Owner>> make(OwnerOptions options, StateLock lock,
                                           std::unique_ptr<journal::SqliteStore> store, BeforeStart known) {
  auto found = std::move(known.found);
  auto owner = std::make_unique<OwnerOf<M>>(std::move(options), std::move(lock), std::move(store), std::move(known));
  if (auto begun = owner->begin(std::move(found)); !begun) return std::unexpected(base::Errors{begun.error()});
  return owner;
}

}  // namespace

base::Checked<std::unique_ptr<Owner>> Owner::start(OwnerOptions options) {
  const auto failed = [](const base::Error& error) { return std::unexpected(base::Errors{error}); };
  auto lock = StateLock::take(options.state);
  if (!lock) return failed(lock.error());
  auto store = journal::SqliteStore::open(options.state.folder, options.mode);
  if (!store) return failed(store.error());
  // Nobody is left unwarned because a key cannot be made: the record is not signed then, and says so by what it lacks.
  const auto [seq, hash] = (*store)->record_head();
  if (auto key = journal::take_record_key(options.state.folder, {seq, hash}))
    options.record_key = std::move(*key);
  else
    base::log::error("the record is not signed: " + base::Catalogue::of("en").say(key.error().text));
  auto known = look_before_start(**store, options);
  if (!known) return std::unexpected(std::move(known.error()));
  switch (options.mode) {
    case alert::Mode::live:
      return make<alert::Mode::live>(std::move(options), std::move(*lock), std::move(*store), std::move(*known));
    case alert::Mode::drill:
      return make<alert::Mode::drill>(std::move(options), std::move(*lock), std::move(*store), std::move(*known));
  }
  return failed({base::ErrorKind::unavailable, {"service.no_answer", {}}, {}, {}});
}

}  // namespace broadcaster::service
