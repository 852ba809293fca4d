# Language level, warnings and sanitizers: one place, applied to our own targets only.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(fairsweep_settings INTERFACE)
target_include_directories(fairsweep_settings INTERFACE "${CMAKE_SOURCE_DIR}")
# Rank decisions are made on stored doubles: no fused multiply-add may change a last bit.
target_compile_options(fairsweep_settings INTERFACE -ffp-contract=off)

add_library(fairsweep_warnings INTERFACE)
target_compile_options(fairsweep_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wcast-align
  -Woverloaded-virtual -Wunused -Wnull-dereference -Wimplicit-fallthrough
  # g++ 12 sees an overlap in "literal" + std::string that is not there (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # g++ 13 and 14 take a function's answer for a reference into its other arguments.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_GREATER_EQUAL:$<CXX_COMPILER_VERSION>,13>>:-Wno-dangling-reference>
  $<$<BOOL:${FAIRSWEEP_WARNINGS_AS_ERRORS}>:-Werror>)

if(FAIRSWEEP_SANITIZE)
  target_compile_options(fairsweep_settings INTERFACE
    -fsanitize=${FAIRSWEEP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all -g)
  target_link_options(fairsweep_settings INTERFACE -fsanitize=${FAIRSWEEP_SANITIZE})
endif()

find_program(FAIRSWEEP_CCACHE ccache)
if(FAIRSWEEP_CCACHE)
  # A precompiled header is only cached with this sloppiness; -fpch-preprocess keeps its include visible.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${FAIRSWEEP_CCACHE})
endif()
