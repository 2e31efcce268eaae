// The file that a siren's memory stands in: a line a state, the last whole one counts.
//
// A state is appended and synced: one wait for the disk before the sound, where a new file and its folder are three. A
// line that a power failure tore was not answered for yet, so the one before it counts. A file that has grown long is
// written anew, with its last line alone. Thread rule: load() first, then one save() at a time, on any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "broadcaster/base/error.hpp"
#include "channels/siren/agent/memory.hpp"

namespace broadcaster::channels::siren {

class MemoryFile {
 public:
  MemoryFile(std::filesystem::path file, std::string siren) : file_(std::move(file)), siren_(std::move(siren)) {}
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile();

  enum class Health { good, damaged };
  struct Loaded {
    Memory memory;
    Health health = Health::good;  ///< damaged: set aside as NAME.damaged; `memory` is the last that could be read
  };
  Loaded load();
  /// On disk when it returns. Errors: unavailable; the next one tries a new file.
  base::Result<void> save(const std::string& memory);

 private:
  base::Result<void> write_anew(const std::string& memory);
  bool append(const std::string& line);

  const std::filesystem::path file_;
  const std::string siren_;
  int fd_ = -1;  ///< open for appending, behind a whole line
  std::size_t size_ = 0;
};

}  // namespace broadcaster::channels::siren
