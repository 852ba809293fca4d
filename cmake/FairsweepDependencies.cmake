# Every third-party library, found once. Targets below follow the heavy ones.
find_package(Threads REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
if(NOT TARGET yaml-cpp::yaml-cpp)  # Debian 12's 0.7 exports the plain name only
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()
find_package(Eigen3 REQUIRED NO_MODULE)         # headers only: eigenvectors of small matrices
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)  # SHA-256 of data, configurations and artefacts
find_package(simdjson REQUIRED)                   # JSON lines of imports
find_package(ZLIB REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)            # headers only: features of texts
find_package(Boost REQUIRED)                      # headers only: CRC-32C of the event log
find_package(HDF5 REQUIRED COMPONENTS C)
if(NOT TARGET hdf5::hdf5)
  add_library(hdf5::hdf5 ALIAS HDF5::HDF5)
endif()
# D3, embedded into the page of `fairsweep report`, and its licences.
find_file(FAIRSWEEP_D3 d3.min.js PATHS /usr/share/nodejs/d3/dist NO_DEFAULT_PATH)
if(NOT FAIRSWEEP_D3)
  message(FATAL_ERROR "D3 is not there: /usr/share/nodejs/d3/dist/d3.min.js. Install the Debian package node-d3, or give "
                      "another copy of release 5 with -DFAIRSWEEP_D3=FILE")
endif()
set(FAIRSWEEP_D3_LICENCES "")
foreach(package IN ITEMS node-d3 node-d3-array node-d3-geo node-d3-scale-chromatic node-d3-voronoi)
  if(EXISTS "/usr/share/doc/${package}/copyright")  # Debian 13 has all of it in the first
    list(APPEND FAIRSWEEP_D3_LICENCES "/usr/share/doc/${package}/copyright")
  endif()
endforeach()
if(NOT FAIRSWEEP_D3_LICENCES)
  message(FATAL_ERROR "D3 has no licence here (/usr/share/doc/node-d3/copyright), and the report must carry it: install "
                      "node-d3 again without a dpkg filter that leaves copyright files out")
endif()
if(FAIRSWEEP_MPI)
  find_package(MPI REQUIRED COMPONENTS CXX)
endif()
if(FAIRSWEEP_TRAINER)
  find_package(Torch REQUIRED)
  if(TORCH_CXX_FLAGS MATCHES "_GLIBCXX_USE_CXX11_ABI=0")
    message(FATAL_ERROR "The LibTorch in ${TORCH_INSTALL_PREFIX} has the C++ ABI of before 2015, which no other library "
                        "of this system has. Take its build for the C++11 ABI, or release 2.7 or later; docs/gpu.md")
  endif()
endif()
if(FAIRSWEEP_TESTS)
  find_package(GTest REQUIRED)
  find_package(rapidcheck REQUIRED)
endif()
if(FAIRSWEEP_BENCHMARKS)
  find_package(benchmark REQUIRED)
  find_package(GTest REQUIRED)  # the trainer's benchmarks use data of the tests
  find_package(pagmo QUIET)  # a peer that pareto_bench compares with, where libpagmo-dev is installed
endif()
