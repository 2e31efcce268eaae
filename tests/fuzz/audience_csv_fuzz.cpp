// Whatever is in an audience: every record within its bound, and a snapshot whose reader sees what its counts say.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "broadcaster/base/digest.hpp"
#include "broadcaster/plan/snapshot.hpp"

using namespace broadcaster;

namespace {

void must(bool holds) {
  if (!holds) std::abort();
}

/// A folder of this process, which goes with it.
struct Folder {
  std::filesystem::path path = std::filesystem::temp_directory_path() / ("audience-fuzz-" + std::to_string(getpid()));
  Folder() {
    base::init_crypto();
    std::filesystem::create_directories(path);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  static const alert::Zones zones([] {
    alert::Zone zone;
    zone.id = alert::ZoneId("muara");
    return std::vector<alert::Zone>{zone};
  }());
  const auto file = folder.path / "x.csv";
  std::ofstream(file, std::ios::binary).write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  const auto info = plan::make_snapshot({.file = file,
                                         .folder = folder.path,
                                         .languages = {alert::Language("id")},
                                         .zones = {alert::ZoneId("muara")},
                                         .map = &zones,
                                         .bad_rows = plan::BadRows::skip});
  if (!info) {
    must(!info.error().empty());
    return 0;
  }
  auto reader = plan::SnapshotReader::open(folder.path, info->digest);
  must(reader.has_value());
  const auto rows = reader->next("", 1 << 20);
  must(rows && static_cast<std::int64_t>(rows->size()) == info->recipients);
  for (std::size_t i = 1; i < rows->size(); ++i) must((*rows)[i - 1].number < (*rows)[i].number);
  std::filesystem::remove(folder.path / (info->digest + ".db"));
  return 0;
}
