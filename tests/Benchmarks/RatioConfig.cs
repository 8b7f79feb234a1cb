using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace P2PCloud.Benchmarks;

/// <summary>A bounded number of calls of a server, so that the ratio to the baseline of the same run tells the cost.</summary>
internal sealed class RatioConfig : ManualConfig
{
    private const int Warmups = 2;
    private const int Measurements = 10;
    private const int Calls = 20;

    public RatioConfig() => AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
        .WithWarmupCount(Warmups).WithIterationCount(Measurements).WithInvocationCount(Calls).WithUnrollFactor(1));
}
