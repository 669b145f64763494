"""Who works in the demonstration: departments, people, roles, teams. All names are invented."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "demo-centre-217"  # every demo login; refused outside demo mode by set-up

# code, kind, above, simplified Chinese, English
DEPARTMENTS = (
    ("head_office", "head_office", None, "远桥物流", "Yuanqiao Logistics"),
    ("service_centre", "service_centre", "head_office", "客服中心", "Customer service centre"),
    ("inspection", "inspection", "head_office", "监察部", "Inspection"),
    ("branch_management", "branch_management", "head_office", "分公司管理部", "Branch management"),
    ("settlement", "settlement", "head_office", "结算部", "Settlement"),
    ("finance", "finance", "head_office", "财务部", "Finance"),
    ("business", "business", "head_office", "业务部", "Business department"),
    ("customer_relations", "customer_relations", "business", "客户关系部", "Customer relations"),
    ("operations", "operations", "head_office", "运营部", "Operations"),
    ("claims", "claims", "head_office", "理赔部", "Claims"),
    ("enterprise_management", "enterprise_management", "head_office", "企管部", "Enterprise management"),
    ("production_management", "production_management", "head_office", "生产管理部", "Production management"),
    ("purchasing", "purchasing", "head_office", "采购部", "Purchasing"),
    ("branch_east", "branch", "branch_management", "城东分公司", "Chengdong branch"),
    ("branch_west", "branch", "branch_management", "城西分公司", "Chengxi branch"),
    ("branch_hangzhou", "branch", "branch_management", "杭州分公司", "Hangzhou branch"),
    ("branch_beipo", "branch", "branch_management", "北坡分公司", "Beipo branch"),
    ("branch_xiaonan", "branch", "branch_management", "萧南分公司", "Xiaonan branch"),
    ("business_management", "business_management", "head_office", "业务管理部", "Business management"),
    ("field_one", "field_business", "business_management", "第一业务部", "Field business one"),
    ("field_two", "field_business", "business_management", "第二业务部", "Field business two"),
    ("site_beipo", "site", "field_one", "北坡现场", "Beipo site"),
    ("site_jiangbin", "site", "field_two", "江滨现场", "Jiangbin site"),
)


@dataclass(frozen=True)
class Person:
    """One employee: with roles also a login; `demo` logins stand on the login page, one a role."""

    number: str
    name: str
    department: str
    position: str
    roles: tuple[str, ...] = ()
    demo: bool = False


def _person(
    number: str, name: str, department: str, position: str, role: str = "", demo: bool = False
) -> Person:
    return Person(number, name, department, position, (role,) if role else (), demo)


PEOPLE = (
    _person("0001", "顾长海", "head_office", "分管副总经理", "management", True),
    _person("0002", "方正", "head_office", "稽核专员", "controller", True),
    _person("0009", "宋哲", "head_office", "系统管理员", "administrator", True),
    _person("0101", "周启明", "service_centre", "客服中心经理", "centre_manager", True),
    _person("0102", "林志远", "service_centre", "客服主管", "supervisor", True),
    _person("0103", "蒋文静", "service_centre", "客服主管", "supervisor"),
    _person("0217", "陈晓燕", "service_centre", "客服员", "agent", True),
    _person("0218", "吴凡", "service_centre", "客服员", "agent"),
    _person("0219", "方敏", "service_centre", "客服员", "agent"),
    _person("0220", "李倩", "service_centre", "客服员", "agent"),
    _person("0221", "何佳", "service_centre", "客服员", "agent"),
    _person("0222", "郭涛", "service_centre", "客服员", "agent"),
    _person("0223", "唐宁", "service_centre", "客服员", "agent"),
    _person("0224", "韩雪", "service_centre", "客服员", "agent"),
    _person("0225", "曹阳", "service_centre", "客服员", "agent"),
    _person("0226", "于丽", "service_centre", "客服员", "agent"),
    _person("0301", "郑国栋", "inspection", "监察主管", "inspector", True),
    _person("0302", "潘虹", "inspection", "监察员", "inspector"),
    _person("0401", "康建华", "branch_management", "部门经理", "department_manager"),
    _person("0402", "谢琳", "branch_management", "综合专员", "handler"),
    _person("0501", "贾宏", "settlement", "部门经理", "department_manager"),
    _person("0502", "孙丽", "settlement", "复核岗", "handler"),
    _person("0503", "王秀兰", "settlement", "结算员", "cashier", True),
    _person("0504", "李红", "settlement", "结算员", "cashier"),
    _person("0601", "冯洁", "finance", "会计", "finance", True),
    _person("0701", "邓文博", "business", "业务经理", "business_manager", True),
    _person("0702", "侯亮", "business", "综合专员", "handler"),
    _person("0703", "田静", "business", "开单员"),
    _person("0711", "赵敏", "customer_relations", "巡访专人", "account_manager", True),
    _person("0712", "白露", "customer_relations", "巡访专人", "account_manager"),
    _person("0801", "彭勇", "operations", "部门经理", "department_manager"),
    _person("0802", "董洁", "operations", "综合专员", "handler"),
    _person("0803", "雷军亮", "operations", "大车司机"),
    _person("0901", "何静", "claims", "理赔员", "adjuster", True),
    _person("0902", "袁斌", "claims", "理赔员", "adjuster"),
    _person("1001", "沈岚", "enterprise_management", "企管专员", "enterprise_management", True),
    _person("1101", "石磊", "production_management", "计划员", "production_planner", True),
    _person("1201", "姚远", "purchasing", "采购员", "purchaser", True),
    _person("1301", "吕芳", "business_management", "账务员", "business_management_accountant", True),
    _person("1302", "汪涛", "business_management", "计划员", "business_management_planner", True),
    _person("1401", "葛强", "field_one", "部门经理", "department_manager"),
    _person("1402", "苏敏", "field_one", "账务员", "stock_accountant", True),
    _person("1403", "丁磊", "field_one", "计划员", "stock_planner", True),
    _person("1404", "罗兵", "field_one", "业务部主管", "department_supervisor", True),
    _person("1501", "马建军", "site_beipo", "现场保管员", "storekeeper", True),
    _person("1502", "高峰", "site_beipo", "现场总代表", "site_representative", True),
    _person("3101", "孟凡", "branch_east", "分公司经理", "department_manager", True),
    _person("3106", "许国梁", "branch_east", "客服经办", "handler", True),
    _person("3201", "段磊", "branch_west", "客服经办", "handler"),
    _person("3301", "贺敏", "branch_hangzhou", "客服经办", "handler"),
    _person("3401", "姜波", "branch_beipo", "客服经办", "handler"),
    _person("3501", "阎俊", "branch_xiaonan", "客服经办", "handler"),
    _person("4112", "杨勇", "branch_east", "司机"),
    _person("4207", "杨勇", "branch_east", "分拣员"),
    _person("4301", "常有福", "branch_west", "装卸工"),
)

# code, simplified Chinese, English, members by work number
TEAMS = (
    ("telephone", "电话组", "Telephone", ("0217", "0218", "0219", "0220")),
    ("online", "在线组", "Online", ("0221", "0222", "0223")),
    ("complaints", "投诉组", "Complaints", ("0217", "0218", "0224", "0225")),
    ("vip", "大客户组", "VIP", ("0217", "0226")),
)

# The day of the rota: night, day, evening.
ROTA_SHIFTS = ((0, 8 * 60), (8 * 60, 20 * 60), (20 * 60, 24 * 60))
CENTRE_WEEK = [[[7 * 60, 22 * 60]]] * 7
BRANCH_WEEK = [[[8 * 60, 18 * 60]]] * 6 + [[]]
