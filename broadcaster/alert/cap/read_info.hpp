// CAP's info with its resources and areas, read leniently: used by read.cpp only. Thread rule: pure functions.
#pragma once

#include "broadcaster/alert/alert.hpp"
#include "broadcaster/alert/cap/element.hpp"
#include "broadcaster/alert/cap/note.hpp"

namespace broadcaster::alert::cap {

/// `path` as "info[0]".
Info read_info(const Element& element, const std::string& path, Notes& notes);

/// A time; nothing (noted) when it cannot be read for certain.
std::optional<base::WallTime> read_time(const Element& element, const std::string& path, Notes& notes);

}  // namespace broadcaster::alert::cap
