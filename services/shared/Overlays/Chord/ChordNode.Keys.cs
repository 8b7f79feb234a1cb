using System.Diagnostics;
using P2PCloud.Contracts.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Overlays.Chord;

public sealed partial class ChordNode
{
    private void OnKeyRequest(Input.Request request)
    {
        switch (request.Body)
        {
            case KeyReadRequest read:
                KeyOwner.Read(read, reply => Respond(request.RequestId, reply));
                break;
            case KeyWriteRequest write:
                KeyOwner.Write(write, reply => Respond(request.RequestId, reply));
                break;
            case KeyCopyRequest copy:
                var keeps = Ring.IsMember && !IsLeaving;
                if (keeps)
                {
                    KeyOwner.Adopt(copy.Records);
                }

                Respond(request.RequestId, new KeyCopyReply(keeps));
                break;
            case KeyPullRequest pull:
                Respond(request.RequestId, new KeyPullReply(
                    [.. pull.Keys.Select(key => _keys.Find(Ring.Space.Hash(key), key)).OfType<KeyRecord>()]));
                break;
            case KeySyncRequest sync:
                Respond(request.RequestId, KeyRepair.OnSync(sync));
                break;
            default:
                throw new UnreachableException();
        }
    }
}
