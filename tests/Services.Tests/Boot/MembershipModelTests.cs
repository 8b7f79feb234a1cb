using CsCheck;
using Microsoft.Extensions.Options;
using P2PCloud.Bootstrap;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Boot;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Services.Tests.Boot;

/// <summary>The same operations on the reference in memory and on Redis give the same answers; samples as far as chance allows.</summary>
[Collection(RedisTests.Name)]
public sealed class MembershipModelTests(RedisFixture redis)
{
    private const string Overlay = OverlayNames.Chord;

    private static readonly BootstrapOptions Settings = new();
    private static readonly string[] Broken = ["", "|", "chord|", "chord|peer-0#0|x", "chord|peer-0#0|01", "nobody|peer-0#0|1"];

    private static readonly Gen<NodeRef> Nodes = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 1], Gen.Int[1, 2], (peer, vnode, port) =>
        new NodeRef(AppIds.Peer(peer), vnode, $"http://127.0.0.1:{port}"));

    private static readonly Gen<string[]> Names = Nodes.Select(node => node.Name).ArrayUnique[0, 4];

    private static readonly Gen<Move> Moves = Gen.Frequency<Move>(
        (6, Gen.Select(Nodes, Gen.Long[-1, 2], Gen.Bool, Gen.Int[0, 9], (node, incarnation, joined, contacts) =>
            new Move.Ask(new RegisterRequest(Overlay, node, incarnation, joined, contacts)))),
        (2, Gen.Select(Nodes, Gen.Long[-1, 2], Gen.Bool, (node, incarnation, joined) =>
            new Move.Ask(new RenewRequest($"{Overlay}|{node.Name}|{incarnation}", joined)))),
        (2, Gen.Select(Nodes, Gen.Long[-1, 2], (node, incarnation) =>
            new Move.Ask(new LeaveRequest($"{Overlay}|{node.Name}|{incarnation}")))),
        (2, Gen.Select(Gen.Int[0, 9], Names, Names.Null(), (count, excluded, missing) =>
            new Move.Ask(new SampleRequest(Overlay, count, excluded, missing)))),
        (1, Gen.Int[0, Broken.Length - 1].Select(index => (Move)new Move.Ask(new RenewRequest(Broken[index])))),
        (1, Nodes.Select(node => (Move)new Move.LeaseEnds(node.Name))));

    [Fact]
    public Task Redis_and_the_reference_answer_alike() => Moves.List[1, 40].SampleAsync(RunAsync, iter: 100, threads: 1);

    private async Task RunAsync(List<Move> moves)
    {
        await redis.ClearAsync();
        var model = new Model();
        var subject = new RedisMembership(redis.Database.Multiplexer, new SplitMix64(1), Options.Create(Settings));
        foreach (var move in moves)
        {
            if (move is Move.LeaseEnds ended)
            {
                await EndLeaseAsync(ended.Node);
                model.EndLease(ended.Node);
            }
            else
            {
                await CompareAsync(((Move.Ask)move).Request, model, subject);
            }

            var members = await subject.MembersAsync(new MembersRequest(Overlay), default);
            Assert.Equal(model.Members, members.Members);
            Assert.Equal(model.Members.Select(member => member.Node.Endpoint), members.Members.Select(member => member.Node.Endpoint));
        }
    }

    private static async Task CompareAsync(IMessage request, Model model, RedisMembership subject)
    {
        switch (request)
        {
            case RegisterRequest register:
                var (expected, actual) = ((RegisterReply)model.Ask(register), await subject.RegisterAsync(register, default));
                Assert.Equal(expected with { Contacts = [] }, actual with { Contacts = [] }, Same);
                AssertSample(expected.Contacts, actual.Contacts, model.Joined.Except([register.Node.Name]));
                break;
            case RenewRequest renew:
                Assert.Equal(model.Ask(renew), await subject.RenewAsync(renew, default));
                break;
            case LeaveRequest leave:
                Assert.Equal(model.Ask(leave), await subject.LeaveAsync(leave, default));
                break;
            case SampleRequest sample:
                var (known, sampled) = ((SampleReply)model.Ask(sample), await subject.SampleAsync(sample, default));
                AssertSample(known.Nodes, sampled.Nodes, model.Joined.Except(sample.Exclude));
                Assert.Equal(known.Live, sampled.Live);
                break;
            default:
                Assert.Fail("No such request.");
                break;
        }
    }

    private static bool Same(RegisterReply left, RegisterReply right) =>
        (left.LeaseId, left.LeaseMs, left.Creator) == (right.LeaseId, right.LeaseMs, right.Creator);

    private static void AssertSample(IReadOnlyList<NodeRef> expected, IReadOnlyList<NodeRef> actual, IEnumerable<string> allowed)
    {
        Assert.Equal(expected.Count, actual.Count);
        Assert.Distinct(actual);
        Assert.Subset(allowed.ToHashSet(), actual.Select(node => node.Name).ToHashSet());
    }

    private async Task EndLeaseAsync(string node)
    {
        foreach (var set in (string[])["joined", "waiting"])
        {
            await redis.Database.ExecuteAsync("ZADD", $"{{p2p:boot:{Overlay}}}:{set}", "XX", "1", node);
        }
    }

    public abstract record Move
    {
        public sealed record Ask(IMessage Request) : Move;

        public sealed record LeaseEnds(string Node) : Move;
    }

    private sealed class Model
    {
        private readonly BootServer _server = new(new NodeRef(AppIds.Bootstrap), new SplitMix64(2), Settings.Lease);

        public IReadOnlyList<Member> Members => ((MembersReply)Ask(new MembersRequest(Overlay))).Members;

        public IEnumerable<string> Joined => Members.Where(member => member.Joined).Select(member => member.Node.Name);

        public IMessage Ask(IMessage request)
        {
            var effects = new List<Effect>();
            _server.Handle(new Input.Request(1, new NodeRef("test"), DateTimeOffset.UnixEpoch, request), DateTimeOffset.UnixEpoch, effects);
            return ((Effect.Respond)Assert.Single(effects)).Body;
        }

        /// <summary>To others, an entry whose lease has ended is as one that has left.</summary>
        public void EndLease(string node)
        {
            for (var incarnation = -1; incarnation <= 2; incarnation++)
            {
                Ask(new LeaveRequest($"{Overlay}|{node}|{incarnation}"));
            }
        }
    }
}
