namespace P2PCloud.ClusterLoad.Tests;

public sealed class LoadOptionsTests
{
    private static readonly LoadOptions Good = new() { Gateways = [new Uri("http://localhost:8080")], Run = "run1" };

    public static TheoryData<LoadOptions> Wrong { get; } =
    [
        Good with { Gateways = [] },
        Good with { Gateways = [new Uri("/relative", UriKind.Relative)] },
        Good with { Run = "" },
        Good with { Run = "Run 1" },
        Good with { LookupRates = new Dictionary<string, double> { ["skype"] = 1 } },
        Good with { LookupRates = new Dictionary<string, double> { ["chord"] = -1 } },
        Good with { PutRate = double.NaN },
        Good with { GetRate = 1001 },
        Good with { DownloadRate = double.PositiveInfinity },
        Good with { Keys = 0 },
        Good with { ValueBytes = 63 },
        Good with { Files = LoadOptions.ItemsMax + 1 },
        Good with { FileBytes = 0 },
        Good with { FileCopies = 2 },
        Good with { FilePeers = ["peer-0", "peer-0"] },
        Good with { Deadline = TimeSpan.Zero },
        Good with { ConnectTimeout = TimeSpan.FromMinutes(2) },
        Good with { UnderWayMax = 0 },
        Good with { OperationsMax = 0 },
        Good with { PrepareTime = TimeSpan.Zero },
    ];

    [Fact]
    public void The_defaults_with_a_gateway_and_a_name_are_valid() => Good.Validate();

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_value_out_of_its_range_is_refused_in_words(LoadOptions options) =>
        Assert.EndsWith(".", Assert.Throws<ArgumentException>(options.Validate).Message);
}
