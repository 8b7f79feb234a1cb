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

    /// <summary>Of one benchmark, the preparation included.</summary>
    private static readonly TimeSpan TimeoutMax = TimeSpan.FromMinutes(30);

    public RatioConfig() => AddJob(Job.Default.WithToolchain(new InProcessEmitToolchain(TimeoutMax, logOutput: true))
        .WithWarmupCount(Warmups).WithIterationCount(Measurements).WithInvocationCount(Calls).WithUnrollFactor(1));
}
