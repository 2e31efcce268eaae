#include "channels/siren/agent/memory_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <iterator>
#include <optional>
#include <string_view>

#include "broadcaster/base/files.hpp"

namespace broadcaster::channels::siren {
namespace {

constexpr std::size_t longest_file = 1 << 20;
/// Of a file that is read: the longest, and one state of Memory::max_entries behind it.
constexpr std::size_t largest_read = 16 << 20;

struct Found {
  std::optional<Memory> memory;  ///< of the last line that can be read
  MemoryFile::Health health = MemoryFile::Health::good;
};

/// From the end: a last line without its end that cannot be read was torn by a power failure, and is nobody's fault.
Found last_memory(std::string_view text, std::string_view siren) {
  Found found;
  bool whole = false;
  while (!text.empty()) {
    const auto begin = text.rfind('\n') + 1;
    const auto line = text.substr(begin);
    if (!line.empty()) found.memory = read_memory(line, siren);
    if (found.memory) return found;
    if (whole) found.health = MemoryFile::Health::damaged;
    whole = true;  // every line above has its end
    text = text.substr(0, begin == 0 ? 0 : begin - 1);
  }
  return found;
}

}  // namespace

MemoryFile::~MemoryFile() {
  if (fd_ >= 0) ::close(fd_);
}

MemoryFile::Loaded MemoryFile::load() {
  std::error_code error;
  Loaded out;
  if (std::filesystem::exists(file_, error)) {
    const auto text = base::read_file(file_, largest_read);
    auto found = text ? last_memory(*text, siren_) : Found{std::nullopt, Health::damaged};
    out.health = found.health;
    if (found.memory) out.memory = std::move(*found.memory);
  }
  if (out.health == Health::damaged) std::filesystem::rename(file_, file_.string() + ".damaged", error);
  // Now, while nobody waits: the next save only appends. One that fails here is tried again, and reported, there.
  (void)write_anew(write(out.memory));
  return out;
}

base::Result<void> MemoryFile::save(const std::string& memory) {
  if (fd_ >= 0 && size_ < longest_file && append(memory + "\n")) return {};
  return write_anew(memory);
}

bool MemoryFile::append(const std::string& line) {
  if (::write(fd_, line.data(), line.size()) != std::ssize(line) || ::fdatasync(fd_) != 0) return false;
  size_ += line.size();
  return true;
}

base::Result<void> MemoryFile::write_anew(const std::string& memory) {
  if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  if (auto written = base::write_file(file_, memory + "\n", base::FileMode::secret); !written) return written;
  fd_ = ::open(file_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  size_ = memory.size() + 1;
  return {};
}

}  // namespace broadcaster::channels::siren
