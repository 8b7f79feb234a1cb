using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace P2PCloud.Benchmarks;

/// <summary>Few, long measurements, and a column that shows the mean as operations per second.</summary>
internal sealed class MessagesPerSecond : ManualConfig
{
    private const int Warmups = 2;
    private const int Measurements = 5;

    public MessagesPerSecond()
    {
        // In this process: a project generated elsewhere would not have this repository's settings.
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
            .WithWarmupCount(Warmups).WithIterationCount(Measurements).WithInvocationCount(1).WithUnrollFactor(1));
        AddColumn(new Column());
    }

    private sealed class Column : IColumn
    {
        private const double NanosecondsPerSecond = 1e9;

        public string Id => nameof(MessagesPerSecond);

        public string ColumnName => "Messages/s";

        public string Legend => "Messages delivered per second of real time";

        public bool AlwaysShow => true;

        public ColumnCategory Category => ColumnCategory.Custom;

        public int PriorityInCategory => 0;

        public bool IsNumeric => true;

        public UnitType UnitType => UnitType.Dimensionless;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase) =>
            summary[benchmarkCase]?.ResultStatistics is { } statistics
                ? (NanosecondsPerSecond / statistics.Mean).ToString("N0", CultureInfo.InvariantCulture)
                : "-";

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

        public bool IsAvailable(Summary summary) => true;

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;
    }
}
