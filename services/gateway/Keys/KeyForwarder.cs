using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using P2PCloud.Contracts.Api;
using P2PCloud.Gateway.Forwarding;
using P2PCloud.Gateway.Membership;

namespace P2PCloud.Gateway.Keys;

/// <summary>Sends operations on keys into the cloud through an entry peer.</summary>
internal sealed class KeyForwarder(EntryPeers entries, NodeClient nodes, PeerProbes probes, IOptions<GatewayOptions> options)
{
    private const int OperationDigits = 32;

    /// <summary>Asks an entry peer, and another one when it has certainly not acted: a read always counts as that.</summary>
    /// <param name="method">GET, PUT or DELETE.</param>
    /// <param name="query">The key and the peer's other parameters.</param>
    /// <param name="value">What is written; null otherwise.</param>
    /// <param name="from">The entry peer that the client names; null: each joined peer in turn.</param>
    /// <param name="cancellationToken">Ends the wait; a write goes on.</param>
    public async Task<(KeyAnswer? Answer, ProblemHttpResult? Problem)> AskAsync(
        HttpMethod method, QueryString query, byte[]? value, string? from, CancellationToken cancellationToken)
    {
        var choice = await entries.ChooseAsync(from, cancellationToken);
        var isRead = method == HttpMethod.Get;
        var all = isRead ? query : query.Add("operation", RandomNumberGenerator.GetHexString(OperationDigits, lowercase: true));
        KeyAnswer? last = null;
        var attempts = new EntryAttempts(entries, choice.Peers);
        while (attempts.Next() is { } peer)
        {
            await using var watch = probes.Watch(peer);
            var (answer, delivery) = await nodes.AskForKeyAsync(
                peer, method, $"/keys{all}", value, options.Value.KeyTimeout, watch, cancellationToken);
            switch (answer?.Outcome)
            {
                case KeyOutcomes.Unavailable:
                    attempts.Declined();
                    last = answer;
                    break;
                case KeyOutcomes.Leaving:
                    attempts.Failed(reached: false);
                    last ??= answer;
                    break;
                case not null:
                    return (answer, null);
                default:
                    attempts.Failed(reached: delivery is Delivery.Sent);
                    last = last is { Outcome: KeyOutcomes.Leaving } ? null : last;
                    if (delivery is not Delivery.NotSent && !isRead)
                    {
                        return (new KeyAnswer(KeyOutcomes.Uncertain), null);
                    }

                    break;
            }
        }

        return choice.Problem is not null || last is not null
            ? (last, choice.Problem)
            : (null, Problems.BadGateway($"{attempts.Asked} did not answer. Try again, or another entry peer."));
    }
}
