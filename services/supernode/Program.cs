using P2PCloud.ServiceDefaults;
using P2PCloud.Supernode;

return await ServiceProcess.RunAsync("supernode", args, SupernodeService.Add, SupernodeService.Map, Console.Error);
