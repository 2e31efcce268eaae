# Headers of the standard library and of three others that nearly every file reads, compiled once a preset: halves the
# time of a build. BROADCASTER_PCH=OFF (preset dev) shows an #include that a file forgot.
#
# precompiled is for the parts, precompiled_tests for the test programs, whose own code is not worth optimising: most of
# their time would go there, and what they measure is in the parts.
option(BROADCASTER_PCH "Precompile common headers" OFF)

set(common_headers
  <algorithm> <array> <chrono> <cstdint> <cstring> <deque> <expected> <filesystem> <fstream> <functional> <map> <memory>
  <optional> <ranges> <set> <span> <sstream> <string> <string_view> <utility> <variant> <vector>
  <boost/json.hpp> <fmt/format.h>)

# ccache takes the checksum beside a precompiled header for its contents, which name this folder: so the same sources in
# another folder are still found (CCACHE_PCH_EXTSUM, tools/build). Named: all that makes the header what it is.
function(broadcaster_checksum name)
  execute_process(COMMAND sh -c "dpkg-query -W -f='$\{Version\} ' libstdc++-12-dev libboost1.81-dev libfmt-dev libgtest-dev libc6-dev 2>/dev/null"
    OUTPUT_VARIABLE packages)
  execute_process(COMMAND ${CMAKE_CXX_COMPILER} --version OUTPUT_VARIABLE compiler)
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  string(SHA256 sum "${compiler}|${packages}|${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}}|${BROADCASTER_SANITIZE}|${ARGN}")
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${name}.dir/cmake_pch.hxx.pch.sum CONTENT "${sum}\n")
endfunction()

function(broadcaster_precompiled name)
  cmake_parse_arguments(PRE "" "" "HEADERS;OPTIONS;USES" ${ARGN})
  file(GENERATE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp CONTENT "// Carries ${name}'s headers.\n")
  add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  target_compile_options(${name} PRIVATE ${PRE_OPTIONS})
  target_link_libraries(${name} PRIVATE ${PRE_USES})
  target_precompile_headers(${name} PRIVATE ${PRE_HEADERS})
  # Never out of a cache: it holds the absolute paths of its folder.
  set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER "")
  broadcaster_checksum(${name} ${PRE_HEADERS} ${PRE_OPTIONS})
endfunction()

if(BROADCASTER_PCH)
  # The precompiled header alone. CMake would name its source beside it, whose path ccache takes as it stands: then no
  # other folder finds what was compiled in this one.
  set(CMAKE_CXX_COMPILE_OPTIONS_USE_PCH -Xclang -include-pch -Xclang <PCH_FILE>)
  # No time stamps: the same headers make the same file.
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:-Xclang -fno-pch-timestamp>")
  broadcaster_precompiled(precompiled HEADERS ${common_headers})
  if(BROADCASTER_TESTS)
    find_package(GTest REQUIRED)
    broadcaster_precompiled(precompiled_tests
      HEADERS ${common_headers} <gtest/gtest.h> OPTIONS -O0 USES GTest::gtest)
  endif()
endif()
