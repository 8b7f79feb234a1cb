using P2PCloud.Peer;
using P2PCloud.ServiceDefaults;

return await ServiceProcess.RunAsync("peer", args, PeerService.Add, PeerService.Map, Console.Error);
