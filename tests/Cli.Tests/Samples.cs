using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using P2PCloud.Contracts.Api;

namespace P2PCloud.Cli.Tests;

/// <summary>Answers of a gateway.</summary>
internal static class Samples
{
    public const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    public static readonly string HeyJude = IdOf("hey jude"u8.ToArray());

    public static readonly string LetItBe = IdOf("let it be"u8.ToArray());

    public static string IdOf(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static LookupMatch Match(string id, string name) => new(id, name, 1234567, [new LookupProvider("peer-1"), new LookupProvider("peer-2")]);

    public static LookupResult Result(string technique, params LookupMatch[] matches) =>
        new(technique, "hey", "peer-3", matches, [new LookupHop(0, null, "peer-3#0", "peer-1#2", false, 1.5)], 4, 2.125, TraceId, true);

    /// <summary>Answers every lookup with the matches of its technique.</summary>
    public static RequestDelegate Answer(Func<string, LookupMatch[]> matches) => http =>
    {
        var technique = http.Request.Query["technique"].ToString();
        return FakeGateway.JsonAsync(http, Result(technique, matches(technique)));
    };

    public static Topology Topology()
    {
        var low = new RingNode("peer-1#0", "10");
        var high = new RingNode("peer-0#0", "f0");
        return new Topology(
            [
                new PeerState("peer-0", "http://127.0.0.1:5000", true, [], 7, [new VirtualNodeState(high.Name, high.Id, true, low, [low], [low], 3, 2)], ["peer-1"], "supernode-0"),
                new PeerState("peer-1", null, false, ["chord is joining"], 0, [new VirtualNodeState(low.Name, low.Id, false, null, [], [], 0, 0)], [], null),
            ],
            [new LeaderState("supernode-0", "http://127.0.0.1:5001", true, ["peer-0"], [], 7)],
            ["peer-9"]);
    }
}
