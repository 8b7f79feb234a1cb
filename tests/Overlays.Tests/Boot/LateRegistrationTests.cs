using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Gnutella;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Boot;

/// <summary>A registration that the network has kept back reaches BOOT after the node has joined.</summary>
public class LateRegistrationTests
{
    private readonly Cloud _cloud = new(seed: 6);

    [Fact]
    public void A_member_whose_first_registration_comes_again_after_its_lease_is_named_by_BOOT_all_the_same()
    {
        _cloud.Add(random => new GnutellaServent(Cloud.Peer(0), random, Cloud.Boot(), new GnutellaParameters()));
        var asker = _cloud.Add(random => new MembersAsker(random));
        var late = _cloud.Add(random => new Late(random));
        _cloud.Network.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(["peer-0"], Members(asker));

        _cloud.RestartBoot();
        _cloud.Network.Ask(late.Self.Name, new LateCommand());
        Assert.Empty(Members(asker));
        _cloud.Network.Run(Cloud.Lease);

        Assert.Equal(["peer-0"], Members(asker));
    }

    private IReadOnlyList<string> Members(MembersAsker asker) => _cloud.Network.Ask(asker.Self.Name, new MembersAsker.AskCommand()).Names;

    private sealed record LateCommand : ICommand<Ack>;

    /// <summary>Sends the registration of a servent that has not joined.</summary>
    private sealed class Late(IRandom random) : Engine(new NodeRef("late"), random)
    {
        protected override void OnStart()
        {
        }

        protected override void OnRequest(Input.Request request) => throw new System.Diagnostics.UnreachableException();

        protected override void OnCommand(long commandId, ICommand command) => Call(
            Cloud.Bootstrap,
            new RegisterRequest(OverlayNames.Gnutella, Cloud.Peer(0), Incarnation: 1, Joined: false),
            TimeSpan.FromSeconds(2),
            _ => Complete(commandId, (LateCommand)command, Ack.Instance));
    }
}
