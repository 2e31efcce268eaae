#include "tests/journal/faulty_disk.hpp"

#include <algorithm>
#include <cstring>

namespace broadcaster::journal::sample {
namespace {

struct Handle {
  sqlite3_file base;
  FaultyDisk* disk;
  std::shared_ptr<FaultyDisk::File>* file;
};
Handle& handle(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

void apply(std::string& content, const FaultyDisk::Write& write, std::size_t bytes) {
  const auto offset = static_cast<std::size_t>(write.offset);
  if (write.truncate) {
    content.resize(offset);
    return;
  }
  if (content.size() < offset + bytes) content.resize(offset + bytes);
  std::memcpy(content.data() + offset, write.bytes.data(), bytes);
}

int close(sqlite3_file* file) {
  delete handle(file).file;
  handle(file).file = nullptr;
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* out, int amount, sqlite3_int64 offset) {
  const auto& live = (*handle(file).file)->live;
  std::memset(out, 0, static_cast<std::size_t>(amount));
  const auto size = static_cast<sqlite3_int64>(live.size());
  if (offset >= size) return SQLITE_IOERR_SHORT_READ;
  const auto found = std::min<sqlite3_int64>(amount, size - offset);
  std::memcpy(out, live.data() + offset, static_cast<std::size_t>(found));
  return found == amount ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int change(sqlite3_file* file, FaultyDisk::Write write) {
  auto& disk = *handle(file).disk;
  if (!disk.call()) return SQLITE_IOERR_WRITE;
  auto& content = **handle(file).file;
  if (!write.truncate && !disk.may_hold(content, write.offset + static_cast<std::int64_t>(write.bytes.size())))
    return SQLITE_FULL;
  apply(content.live, write, write.bytes.size());
  content.unsynced.push_back(std::move(write));
  return SQLITE_OK;
}

int write(sqlite3_file* file, const void* bytes, int amount, sqlite3_int64 offset) {
  return change(file, {offset, std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(amount)), false});
}
int truncate(sqlite3_file* file, sqlite3_int64 size) { return change(file, {size, "", true}); }

int sync(sqlite3_file* file, int) {
  auto& disk = *handle(file).disk;
  auto& content = **handle(file).file;
  if (!disk.call()) {
    if (disk.forgets()) content.unsynced.clear();
    return SQLITE_IOERR_FSYNC;
  }
  for (const auto& unsynced : content.unsynced) apply(content.durable, unsynced, unsynced.bytes.size());
  content.unsynced.clear();
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>((*handle(file).file)->live.size());
  return SQLITE_OK;
}
int lock(sqlite3_file*, int) { return SQLITE_OK; }
int is_locked(sqlite3_file*, int* out) {
  *out = 0;
  return SQLITE_OK;
}
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 512; }
int characteristics(sqlite3_file*) { return 0; }

// Version 1: no shared memory, as only an exclusive WAL needs none.
constexpr sqlite3_io_methods methods = {
    1,           close,           read,    write,   truncate, sync,    file_size, lock,   lock, is_locked, control,
    sector_size, characteristics, nullptr, nullptr, nullptr,  nullptr, nullptr,   nullptr};

FaultyDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<FaultyDisk*>(vfs->pAppData); }

int open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  auto& disk = disk_of(vfs);
  file->pMethods = nullptr;
  if (disk.dead()) return SQLITE_CANTOPEN;
  auto& slot = disk.files[name ? name : "temporary"];
  if (!slot) slot = std::make_shared<FaultyDisk::File>();
  handle(file).disk = &disk;
  handle(file).file = new std::shared_ptr<FaultyDisk::File>(slot);
  file->pMethods = &methods;
  if (out_flags) *out_flags = flags;
  return SQLITE_OK;
}
int remove(sqlite3_vfs* vfs, const char* name, int) {
  if (!disk_of(vfs).call()) return SQLITE_IOERR_DELETE;
  disk_of(vfs).files.erase(name);
  return SQLITE_OK;
}
int exists(sqlite3_vfs* vfs, const char* name, int, int* out) {
  *out = disk_of(vfs).files.contains(name) ? 1 : 0;
  return SQLITE_OK;
}
int full_path(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}
int randomness(sqlite3_vfs*, int size, char* out) {
  std::memset(out, 42, static_cast<std::size_t>(size));
  return size;
}
int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
int current_time(sqlite3_vfs*, double* out) {
  *out = 2'461'000.5;
  return SQLITE_OK;
}
int last_error(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

FaultyDisk::FaultyDisk(const std::string& name) : name_(name) {
  vfs_.iVersion = 1;
  vfs_.szOsFile = sizeof(Handle);
  vfs_.mxPathname = 512;
  vfs_.zName = name_.c_str();
  vfs_.pAppData = this;
  vfs_.xOpen = open;
  vfs_.xDelete = remove;
  vfs_.xAccess = exists;
  vfs_.xFullPathname = full_path;
  vfs_.xRandomness = randomness;
  vfs_.xSleep = sleep;
  vfs_.xCurrentTime = current_time;
  vfs_.xGetLastError = last_error;
  sqlite3_vfs_register(&vfs_, 0);
}

FaultyDisk::~FaultyDisk() { sqlite3_vfs_unregister(&vfs_); }

bool FaultyDisk::call() {
  if (dead()) return false;
  ++calls_;
  return true;
}

void FaultyDisk::cut(Unsynced what, std::uint32_t seed) {
  std::mt19937 random(seed);
  for (auto& [name, file] : files) {
    if (what == Unsynced::subset_and_torn)
      for (const auto& write : file->unsynced) {
        if (random() % 2 == 0) continue;
        auto bytes = write.bytes.size();
        if (bytes > 512 && random() % 4 == 0) bytes = 512 * (random() % (bytes / 512 + 1));
        apply(file->durable, write, bytes);
      }
    file->unsynced.clear();
    file->live = file->durable;
  }
  die_at_ = -1;
}

}  // namespace broadcaster::journal::sample
