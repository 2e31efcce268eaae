#include "channels/cap_feed/folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>
#include <tuple>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/base/files.hpp"

namespace broadcaster::channels::cap_feed {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t largest = 16 << 20;
constexpr auto lock_patience = 2s;
constexpr auto lock_look = 20ms;
constexpr auto answer_patience = 2s;
constexpr auto answer_look = 1ms;
constexpr std::string_view lock_file = ".lock";
constexpr std::string_view temporary_mark = ".new.";  ///< as base::write_file names them

Failed not_written(std::string_view what) {
  return {delivery::NotSent{{}, fmt::format("{}: {}", what, std::strerror(errno))}};
}

Failed stopped() { return {delivery::NotSent{{}, "stopped before the byte", delivery::NotSent::Scope::recipient}}; }

/// Asks on the loop, from a worker. Where no answer comes, or nobody waits any more, it may not.
bool asked_on(net::Loop& loop, const std::function<bool()>& question, const std::atomic<bool>& gone) {
  enum Said { nothing, yes, no };
  const auto said = std::make_shared<std::atomic<int>>(nothing);
  loop.post([said, question] { *said = question() ? yes : no; });
  const auto begin = std::chrono::steady_clock::now();
  while (*said == nothing && !gone && std::chrono::steady_clock::now() - begin < answer_patience)
    std::this_thread::sleep_for(answer_look);
  return *said == yes;
}

/// As base::write_file, in two steps: what is between them is asked when all that can be slow is done.
bool prepared(const fs::path& path, const std::string& content) { return base::write_file(path, content).has_value(); }

bool put_in_place(const fs::path& from, const fs::path& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) return false;
  const int folder = ::open(to.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return false;
  const bool synced = ::fsync(folder) == 0;
  const int why = errno;
  ::close(folder);
  errno = why;
  return synced;
}

class Lock {
 public:
  explicit Lock(const fs::path& folder)
      : fd_(::open((folder / lock_file).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    const auto begin = std::chrono::steady_clock::now();
    while (fd_ >= 0 && !(held_ = ::flock(fd_, LOCK_EX | LOCK_NB) == 0)) {
      if (errno != EWOULDBLOCK && errno != EINTR) return;
      if (std::chrono::steady_clock::now() - begin > lock_patience) return;
      std::this_thread::sleep_for(lock_look);
    }
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() {
    if (fd_ >= 0) ::close(fd_);
  }
  bool held() const { return held_; }

 private:
  int fd_;
  bool held_ = false;
};

std::string tag_of(const std::string& content) { return base::hex(base::sha256(content)); }

bool is_expected(const Answer& there, const std::optional<std::string>& instead_of) {
  const auto* found = std::get_if<Found>(&there);
  if (!instead_of) return found == nullptr;
  return instead_of->empty() || (found != nullptr && found->tag == *instead_of);
}

}  // namespace

Answer read_from(const fs::path& folder, const Read& what) {
  const auto path = folder / what.file;
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0) {
    const int why = errno;
    // A folder that is not there is no empty feed.
    if (why == ENOENT && ::stat(folder.c_str(), &info) == 0) return Absent{};
    errno = why;
    return not_written("the folder of the feed cannot be read");
  }
  auto content = base::read_file(path, largest);
  if (!content) return not_written("a file of the feed cannot be read");
  auto tag = tag_of(*content);
  return Found{std::move(*content), std::move(tag)};
}

Answer write_into(const fs::path& folder, const Write& what, const std::function<bool()>& may_leave) {
  const Lock lock(folder);
  if (!lock.held()) return not_written("the folder of the feed cannot be locked");
  const auto there = read_from(folder, {what.file});
  if (std::holds_alternative<Failed>(there)) return there;
  if (!is_expected(there, what.instead_of)) return Changed{};
  const auto beside = folder / (what.file + std::string(temporary_mark) + "ready");
  const bool ready = prepared(beside, what.content);
  if (ready && may_leave && !may_leave()) {
    ::unlink(beside.c_str());
    return stopped();
  }
  if (ready && put_in_place(beside, folder / what.file)) return Stored{};
  const int why = errno;
  ::unlink(beside.c_str());
  errno = why;
  auto failed = not_written("a file of the feed cannot be written");
  // The rename may have come before the fault.
  const auto after = read_from(folder, {what.file});
  const auto* found = std::get_if<Found>(&after);
  if (found != nullptr && found->content == what.content)
    return Failed{delivery::Unknown{delivery::why(failed.outcome)}};
  return failed;
}

void clean(const fs::path& folder) {
  const Lock lock(folder);
  if (!lock.held()) return;
  std::error_code ignored;
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored))
    if (at->path().filename().string().find(temporary_mark) != std::string::npos) ::unlink(at->path().c_str());
}

Folder::Folder(fs::path folder, net::Workers& workers, net::Loop& loop)
    : folder_(std::move(folder)), workers_(workers), loop_(loop) {
  // Where there is no room for it now, it is left for the next start.
  std::ignore = workers_.run([folder = folder_] { clean(folder); }, [] {});
}

Folder::~Folder() { *gone_ = true; }

void Folder::read(Read what, Then then) {
  work([folder = folder_, what = std::move(what)] { return read_from(folder, what); }, std::move(then));
}

void Folder::write(Write what, std::function<bool()> may_leave, Then then) {
  std::function<bool()> asked;
  if (may_leave)
    asked = [&loop = loop_, gone = gone_, may_leave = std::move(may_leave)] {
      return asked_on(loop, may_leave, *gone);
    };
  work([folder = folder_, what = std::move(what), asked = std::move(asked)] { return write_into(folder, what, asked); },
       std::move(then));
}

void Folder::work(std::move_only_function<Answer()> job, Then then) {
  const auto answer = std::make_shared<std::optional<Answer>>();
  const auto after = std::make_shared<Then>(std::move(then));
  const bool queued = workers_.run([answer, job = std::move(job)]() mutable { *answer = job(); },
                                   [answer, after] { (*after)(std::move(**answer)); });
  if (queued) return;
  loop_.post([after] { (*after)(Failed{delivery::NotSent{{}, "too much is being done at once"}}); });
}

}  // namespace broadcaster::channels::cap_feed
