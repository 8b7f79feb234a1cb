using P2PCloud.Contracts;
using P2PCloud.Contracts.Boot;
using P2PCloud.Overlays.Common;
using P2PCloud.Overlays.Tests.Common;

namespace P2PCloud.Overlays.Tests.Boot;

/// <summary>Asks BOOT which joined servents it names.</summary>
internal sealed class MembersAsker(IRandom random) : Engine(new NodeRef("asker"), random)
{
    protected override void OnStart()
    {
    }

    protected override void OnRequest(Input.Request request) => throw new System.Diagnostics.UnreachableException();

    protected override void OnCommand(long commandId, ICommand command) =>
        Call(Cloud.Bootstrap, new MembersRequest(OverlayNames.Gnutella), TimeSpan.FromSeconds(2), reply =>
        {
            var joined = (reply?.Members ?? []).Where(member => member.Joined).Select(member => member.Node.Name);
            Complete(commandId, (AskCommand)command, new Answer([.. joined]));
        });

    internal sealed record AskCommand : ICommand<Answer>;

    internal sealed record Answer(IReadOnlyList<string> Names);
}
